/* What a chart shows, without how it is drawn: the same is read as a table. */

/** How high a chart is drawn, in pixels. */
export const HEIGHT = 186;

/** A colour of the tokens. */
export type Look = 'chart-1' | 'chart-1-soft' | 'chart-2' | 'chart-3' | 'chart-muted';

export interface Series {
  name: string;
  look: Look;
  /** One for each label; null where there is nothing. */
  values: (number | null)[];
}

export interface Chart {
  /** Bars stand on each other in the order of the series, the first at the bottom. */
  kind: 'bars' | 'line';
  labels: string[];
  series: Series[];
  unit: 'count' | 'share';
  /** How high it is drawn, in pixels; the usual height otherwise. */
  height?: number;
  /** Every so many labels are written, as far as there is room; as many as there is room for otherwise. */
  every?: number;
  /** What stands at each label in words; the values of its series otherwise. */
  said?: string[];
  /** A line across at a place between labels, 0 being the left edge of the first. */
  mark: { at: number; words: string } | null;
}

export interface Table {
  head: string[];
  /** How many columns at the beginning are names; the others are figures. */
  names: number;
  rows: string[][];
}

/** A chart, the table that says the same, and its words. */
export interface Drawing {
  id: string;
  title: string;
  say: string;
  chart: Chart;
  table: Table;
}

/** What stands at one label, in words. */
export function told(chart: Chart, at: number, value: (value: number) => string): string {
  const said = chart.said?.[at];
  if (said !== undefined) return said;
  const parts = chart.series.map(({ name, values }) => {
    const one = values[at];
    return one === null || one === undefined ? null : `${name} ${value(one)}`;
  });
  return `${chart.labels[at] ?? ''}: ${parts.filter(Boolean).join(', ')}`;
}

/** Each series as high as it and all below it. */
export function stack({ series, labels }: Chart): (number | null)[][] {
  const sum = labels.map(() => 0);
  return series.map(({ values }) => values.map((value, i) => (sum[i] = (sum[i] ?? 0) + (value ?? 0))));
}
