import type { Judgement } from '../../model/catalogue/load';
import { findingsOf } from './report';

/** For programs. The keys of a finding are those of the text, one by one. */
export function renderJson(judgement: Judgement): string {
  return JSON.stringify({ findings: findingsOf(judgement), waivers: judgement.waivers }, null, 2);
}
