import '../shared/base.css';
import './pop.css';
import { mount } from 'svelte';
import { start } from '../shared/start';
import Panel from './Panel.svelte';

const backend = await start();
mount(Panel, { target: document.getElementById('app')!, props: { backend } });
