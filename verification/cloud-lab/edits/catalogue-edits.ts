/** Edits of the files of the small shop (`shop/`). */
import type { TextReplacement } from '../../plan-fixtures/variant';

export const replaceIn = (file: string, from: string, to: string): TextReplacement => ({ file, from, to });
export const service = (name: string, from: string, to: string) =>
  replaceIn(`services/${name}.yaml`, from, to);
/** `IMAGE` stands for the image of the service in the registry of each environment. */
export const inReleases = (from: string, to: string, name: string, digit: string) =>
  ['dev', 'prod'].map((env) => {
    const registry = `europe-west1-docker.pkg.dev/shop-${env}-lab/shop`;
    const image = `${registry}/${name}@sha256:${digit.repeat(64)}`;
    return replaceIn(`releases/${env}.yaml`, from.replace('IMAGE', image), to.replace('IMAGE', image));
  });
