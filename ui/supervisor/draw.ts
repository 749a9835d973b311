/* Draws a chart with uPlot, in the colours of the theme that is on. */
import uPlot from 'uplot';
import { numberFormat } from '../shared/intl';
import { locale } from '../shared/words';
import { HEIGHT, stack, type Chart } from './chart';

export interface Drawn {
  resize(width: number): void;
  /** The theme changed. */
  repaint(): void;
  end(): void;
}

const FONT = '11px "Inter Variable", Inter, system-ui, sans-serif';

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Draws into `host`; `hover` is told of the label under the pointer. */
export function draw(host: HTMLElement, chart: Chart, width: number, hover: (at: number | null) => void): Drawn {
  const count = chart.labels.length;
  const percent = numberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 });
  const value = (one: number) => (chart.unit === 'share' ? percent.format(one) : numberFormat(locale()).format(one));
  // what stands higher is drawn first, as high as all below it together; the others are drawn over it
  const stacked = chart.kind === 'bars' ? stack(chart) : chart.series.map(({ values }) => values);
  const order = chart.series.map((_, i) => (chart.kind === 'bars' ? chart.series.length - 1 - i : i));
  const bars = chart.kind === 'bars' ? uPlot.paths.bars!({ size: [0.62, 44], radius: 0.06 }) : undefined;
  const axis = { stroke: () => token('text-muted'), font: FONT, grid: { stroke: () => token('chart-grid'), width: 1 }, ticks: { show: false } };
  const options: uPlot.Options = {
    width, height: chart.height ?? HEIGHT, legend: { show: false }, padding: [14, 8, 0, 0],
    cursor: { y: false, points: { show: chart.kind === 'line' }, drag: { x: false, y: false } },
    scales: { x: { time: false, range: [-0.6, count - 0.4] }, y: { range: (_, __, most) => [0, chart.unit === 'share' ? 1 : Math.max(4, most * 1.08)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 26, incrs: chart.every ? [chart.every, 2 * chart.every, 4 * chart.every] : [1, 2, 3, 5, 7, 14, 30, 90, 365], space: 44, values: (_, at) => at.map((one) => chart.labels[one] ?? '') },
      { ...axis, size: 44, incrs: chart.unit === 'share' ? [0.25, 0.5] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000], values: (_, at) => at.map(value) },
    ],
    series: [{}, ...order.map((i) => {
      const colour = () => token(chart.series[i]!.look);
      return { label: chart.series[i]!.name, stroke: colour, fill: bars ? colour : undefined, width: bars ? 0 : 2, paths: bars, points: { show: chart.kind === 'line', size: 5, fill: colour }, spanGaps: false };
    })],
    hooks: {
      draw: [(plot) => mark(plot, chart)],
      setCursor: [(plot) => hover(plot.cursor.idx ?? null)],
    },
  };
  const places = chart.labels.map((_, i) => i);
  const plot = new uPlot(options, [places, ...order.map((i) => stacked[i]!)] as uPlot.AlignedData, host);
  return { resize: (next) => plot.setSize({ width: next, height: chart.height ?? HEIGHT }), repaint: () => plot.redraw(false), end: () => plot.destroy() };
}

function mark(plot: uPlot, { mark: line }: Chart): void {
  if (!line) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(line.at - 0.5, 'x', true);
  const text = token('text');
  const size = devicePixelRatio;
  ctx.save();
  [ctx.strokeStyle, ctx.fillStyle, ctx.lineWidth, ctx.font] = [text, text, 1.5 * size, `600 ${11 * size}px Inter, system-ui, sans-serif`];
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const room = bbox.left + bbox.width - x > ctx.measureText(line.words).width + 8 * size;
  ctx.textAlign = room ? 'left' : 'right';
  ctx.fillText(line.words, x + (room ? 6 : -6) * size, bbox.top + 9 * size);
  ctx.restore();
}
