/** References to images: `registry/path/name:tag@sha256:…`. */
import { shopRepository } from '../naming';

export interface ImageParts {
  /** Registry, path and name, without tag and digest. */
  readonly repository: string;
  /** `sha256:…`; `undefined` if the reference has only a tag. */
  readonly digest: string | undefined;
}

export function imageParts(image: string): ImageParts {
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  // A colon before the last slash belongs to the port of the registry.
  const tag = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    repository: tag < 0 ? name : name.slice(0, tag),
    digest: at < 0 ? undefined : image.slice(at + 1),
  };
}

/** `sha256:` and the first 12 digits, or the whole reference if it has no digest. */
export function shortImage(image: string): string {
  return imageParts(image).digest?.slice(0, 'sha256:'.length + 12) ?? image;
}

type Registry = Parameters<typeof shopRepository>[0];

/**
 * The same image in the target's repository. An image outside of the source's repository is shared by the environments
 * and keeps its path.
 */
export function translatedImage(image: string, source: Registry, target: Registry): string {
  const prefix = `${shopRepository(source)}/`;
  return image.startsWith(prefix) ? `${shopRepository(target)}/${image.slice(prefix.length)}` : image;
}
