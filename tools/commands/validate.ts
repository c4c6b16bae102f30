import type { Judgement } from '../../model/catalogue/load';
import { renderJson } from '../validation-report/json';
import { renderSarif } from '../validation-report/sarif';
import { renderText } from '../validation-report/text';

export const REPORT_FORMATS = ['text', 'json', 'sarif'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const RENDERERS: Readonly<Record<ReportFormat, (judgement: Judgement) => string>> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
};

/** Every error and warning with its place, and every waiver. */
export function renderReport(judgement: Judgement, format: ReportFormat): string {
  return RENDERERS[format](judgement);
}
