import type { CheckedCatalogue } from '../../model/catalogue/load';
import { findingsOf } from '../validation-report/report';
import { renderSarif } from '../validation-report/sarif';
import { renderText } from '../validation-report/text';

export const REPORT_FORMATS = ['text', 'json', 'sarif'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const RENDERERS: Readonly<Record<ReportFormat, (catalogue: CheckedCatalogue) => string>> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
};

/** Every error and warning with its location, and every waiver. */
export function renderReport(catalogue: CheckedCatalogue, format: ReportFormat): string {
  return RENDERERS[format](catalogue);
}

function renderJson(catalogue: CheckedCatalogue): string {
  return JSON.stringify({ findings: findingsOf(catalogue), waivers: catalogue.waivers }, null, 2);
}
