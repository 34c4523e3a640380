/** Worst last. */
export const risks = ['safe', 'disruptive', 'irreversible'] as const;

/** The risk of a fix: `irreversible` can never be undone, `disruptive` may cut users off. */
export type Risk = (typeof risks)[number];

/** The worst of several; `safe` when there is none. */
export function worstRisk(given: readonly Risk[]): Risk {
  return risks.findLast((risk) => given.includes(risk)) ?? 'safe';
}
