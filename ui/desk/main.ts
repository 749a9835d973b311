import '../shared/base.css';
import './desk.css';
import { mount } from 'svelte';
import { start } from '../shared/start';
import Desk from './Desk.svelte';

const backend = await start();
mount(Desk, { target: document.getElementById('app')!, props: { backend } });
