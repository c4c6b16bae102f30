import { ORIGINS } from '../facts/browsers';
import type { Flag } from './flag';
import { weakenedSettings } from './setting-findings';

/** A script that nobody listed can run, nobody learns of it, or a page can be shown in a foreign frame. */
export const pageProtectionReduced: Flag = {
  id: 'page-protection-reduced',
  severity: 'high',
  title: 'Content security policy or HTTPS of pages reduced',
  find: ({ facts }) =>
    weakenedSettings(
      // `origin-added` has these.
      facts.filter(({ before }) => before?.label.startsWith(ORIGINS) !== true),
      ['browser'],
    ),
};
