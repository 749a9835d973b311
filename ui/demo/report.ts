/* What some days of calls came to in a made-up shop. */
import type { CellView } from '../generated/CellView';
import type { FigureUnit } from '../generated/FigureUnit';
import type { ReportRequest } from '../generated/ReportRequest';
import type { ReportView } from '../generated/ReportView';

/** Calls of an hour from 8 to 17, and how many of them rang in vain. */
const HOURS: [number, number][] = [[9, 0], [17, 1], [23, 1], [26, 1], [19, 1], [13, 2], [15, 1], [19, 1], [10, 0], [6, 0]];
const cell = (answered: number, in_vain: number, service_level: number | null): CellView => ({ offered: answered + in_vain, answered, in_vain, service_level });

const FIGURES: [string, FigureUnit, number | null, number | null][] = [
  ['offered', 'count', 2306, 2130], ['answered', 'count', 2193, 2004], ['abandoned', 'count', 71, 80], ['abandoned_in_target', 'count', 12, 14], ['missed', 'count', 31, 36],
  ['refused', 'count', 9, 8], ['unknown', 'count', 2, 2], ['service_level', 'share', 0.874, 0.861], ['abandonment', 'share', 0.026, 0.031], ['wait_mean', 'seconds', 11.4, 12.9],
  ['wait_median', 'seconds', 8, 9], ['wait_p90', 'seconds', 22, 25], ['wait_most', 'seconds', 102, 131], ['patience_median', 'seconds', 41, 38], ['handle_mean', 'seconds', 268.2, 271],
  ['handle_median', 'seconds', 244, 247], ['handle_p90', 'seconds', 501, 520], ['talk_mean', 'seconds', 221.7, 224], ['wrap_up_mean', 'seconds', 44.1, 46], ['outgoing', 'count', 612, 590],
  ['outgoing_answered', 'count', 430, 421], ['matched_rate', 'share', 0.884, 0.871], ['several', 'count', 203, 190], ['corrected', 'count', 14, 17], ['promised', 'count', 58, 49],
  ['kept_rate', 'share', 0.91, 0.88], ['suggested', 'count', 127, 98], ['accepted_rate', 'share', 0.409, 0.388], ['pop_median', 'millis', 1.42, 1.4],
];

export function demoReport({ period, target_seconds }: ReportRequest, now: number): ReportView {
  const today = new Date(now).toISOString().slice(0, 10);
  const from = period.kind === 'days' ? new Date(now - (period.days - 1) * 86_400_000).toISOString().slice(0, 10) : period.from;
  const until = period.kind === 'days' ? today : period.until;
  const days_long = 1 + Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000);
  const days = Array.from({ length: Math.max(0, days_long) }, (_, i) => {
    const day = new Date(Date.parse(from) + i * 86_400_000);
    const weekend = day.getUTCDay() % 6 === 0;
    const level = [0.84, 0.88, 0.86, 0.79, 0.91, 0.9, 0.85, 0.82, 0.76, 0.83, 0.89, 0.92, 0.88, 0.87][i % 14]!;
    return { day: day.toISOString().slice(0, 10), calls: weekend ? cell(0, 0, null) : cell(150 + ((i * 37) % 23), 4 + ((i * 5) % 7), level) };
  });
  return {
    from, days_long, target_seconds: target_seconds ?? 20, made: new Date(now).toISOString(), figures: FIGURES.map(([code, unit, now, before]) => ({ code, unit, now, before })),
    hours: [0, 1, 2, 3, 4].flatMap((weekday) => HOURS.map(([answered, in_vain], i) => ({ weekday, hour: 8 + i, calls: cell(answered + ((weekday * 3) % 5), in_vain, 0.8 + ((i * 7 + weekday) % 15) / 100) }))),
    days,
    waits: { bounds: [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300], counts: [612, 701, 420, 190, 141, 62, 31, 21, 9, 4, 2, 0] },
    handles: { bounds: [60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 720], counts: [67, 193, 357, 453, 386, 282, 178, 112, 67, 45, 22, 31] },
    agents: [{ agent: '101', answered: 846, dialled: 201, talked: 209_431 }, { agent: '102', answered: 702, dialled: 122, talked: 190_020 }, { agent: '104', answered: 645, dialled: 107, talked: 160_802 }],
    queues: [{ queue: 'Orders', calls: cell(604, 41, 0.842) }, { queue: 'Sales line', calls: cell(1_402, 61, 0.888) }],
    results: [{ code: 'order', calls: 702 }, { code: 'question', calls: 911 }, { code: 'complaint', calls: 64 }, { code: 'no_result', calls: 120 }],
    products: [['Sea salt flakes', 38, 18, 9, 11], ['Espresso beans', 24, 14, 4, 6], ['Gorgonzola dolce', 23, 11, 7, 5], ['Capers in salt', 23, 6, 9, 8], ['Jasmine rice', 19, 3, 12, 4]].map(
      ([product, suggested, accepted, declined, not_now]) => ({ product, suggested, accepted, declined, not_now }) as ReportView['products'][number],
    ),
    all_agents: ['101', '102', '104'], all_queues: ['Orders', 'Sales line'],
  };
}

/** Today so far beside the same weekday a week before. */
export function demoSoFar(now: number): ReportView {
  const period = { kind: 'days' as const, days: 1 };
  const today: Record<string, [number, number]> = { offered: [64, 57], answered: [61, 52], abandoned: [2, 3], service_level: [0.87, 0.846], wait_mean: [11.4, 11.2] };
  const report = demoReport({ period, queue: '', agent: '', target_seconds: null }, now);
  const figures = report.figures.map((one) => ({ ...one, now: today[one.code]?.[0] ?? one.now, before: today[one.code]?.[1] ?? one.before }));
  const part = 61 / report.agents.reduce((sum, { answered }) => sum + answered, 0);
  const agents = report.agents.map((one) => ({ ...one, answered: Math.round(one.answered * part), dialled: Math.round(one.dialled * part), talked: Math.round(one.talked * part) }));
  return { ...report, figures, agents };
}
