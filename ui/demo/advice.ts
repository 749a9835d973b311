/* How well advice does in a made-up shop of groceries. */
import type { AdviceReport } from '../generated/AdviceReport';
import type { TaskReport } from '../generated/TaskReport';

function task(name: string, voice: string, champion: string, ways: [string, number, number, number][]): TaskReport {
  return {
    task: name,
    voice,
    champion,
    cases: 1240,
    ways: ways.map(([way, hit_rate, ndcg, from_champion]) => ({ way, hit_rate, ndcg, from_champion })),
    calibration: voice === 'speaks' ? [{ said: 0.06, seen: 0.07, of: 248 }, { said: 0.12, seen: 0.11, of: 248 }, { said: 0.31, seen: 0.3, of: 248 }] : [],
  };
}

export function demoAdvice(): AdviceReport {
  return {
    tasks: [
      task('any', 'speaks', 'two heads', [['popularity', 0.214, 0.081, -21.4], ['personal frequency', 0.702, 0.331, -4.2], ['two heads', 0.746, 0.36, 0]]),
      task('new', 'speaks', 'two heads', [['popularity', 0.241, 0.079, -9.3], ['EASE', 0.329, 0.108, -2.8], ['two heads', 0.366, 0.125, 0]]),
      task('with', 'popular', 'popularity', [['popularity', 0.31, 0.12, 0], ['rule confidence', 0.312, 0.121, 0.3]]),
    ],
    stated: [
      { up_to_percent: 20, rules: 312, stated: 0.148, plain: 0.196, later: 0.171, baskets: 9120 },
      { up_to_percent: 40, rules: 96, stated: 0.287, plain: 0.351, later: 0.302, baskets: 2210 },
    ],
    segments: [
      { segment: 'loyal', customers: 46, offered: 71, accepted: 23, declined: 30 },
      { segment: 'at_risk', customers: 12, offered: 14, accepted: 2, declined: 9 },
    ],
    in_small_groups: 7,
  };
}
