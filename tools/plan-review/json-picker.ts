/** Extracts values from a JSON text of any length and skips the rest without parsing it. */

/** Values to extract, by path: the value itself, or each element of a list. */
export type Wanted = Readonly<Record<string, 'value' | 'elements'>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An object or list that contains a wanted value. */
interface Frame {
  readonly path: string;
  readonly isList: boolean;
}

/**
 * A parser would build values of which most are discarded at once. Skipping only counts brackets outside of strings,
 * so skipped text is checked for closed brackets and strings, and for nothing else.
 */
export class JsonPicker {
  private readonly frames: Frame[] = [];
  private readonly ancestorPaths: ReadonlySet<string>;
  private key = '';
  private expects: 'value' | 'key' | 'colon' | 'next' = 'value';
  private isFirst = true;
  private offset = 0;

  /** The token at the current position; 'picked' values are buffered. */
  private token: 'none' | 'key' | 'picked' | 'skipped' = 'none';
  private chunks: Buffer[] = [];
  private depth = 0;
  private inString = false;
  private isEscaped = false;

  /** @param take receives the path and the text of each wanted value */
  constructor(
    private readonly wanted: Wanted,
    private readonly take: (path: string, text: string) => void,
  ) {
    const steps = Object.keys(wanted).map((path) => path.split('.'));
    this.ancestorPaths = new Set(
      steps.flatMap((path) => path.map((_, count) => path.slice(0, count).join('.'))),
    );
  }

  /** @throws SyntaxError if the text is not a JSON object */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;)
      at = this.token === 'none' ? this.walk(chunk, at) : this.read(chunk, at);
    this.offset += chunk.length;
  }

  /** @throws SyntaxError if the text is incomplete */
  end(): void {
    if (this.expects !== 'next' || this.frames.length > 0 || this.token !== 'none')
      throw new SyntaxError('unexpected end of the text');
  }

  private walk(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1;
    const frame = this.frames.at(-1);
    const closing = frame?.isList ? CLOSE_LIST : CLOSE_OBJECT;
    if (frame && byte === closing && (this.expects === 'next' || this.isFirst)) {
      this.frames.pop();
      return this.next(at + 1);
    }
    switch (this.expects) {
      case 'key':
        if (byte !== QUOTE) break;
        return this.begin('key', at);
      case 'colon':
        if (byte !== COLON) break;
        this.expects = 'value';
        return at + 1;
      case 'next':
        if (!frame || byte !== COMMA) break;
        this.expects = frame.isList ? 'value' : 'key';
        return at + 1;
      case 'value':
        return this.value(byte, at);
    }
    throw this.unexpected(byte, at);
  }

  private value(byte: number, at: number): number {
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === COMMA || byte === COLON)
      throw this.unexpected(byte, at);
    const frame = this.frames.at(-1);
    if (!frame && byte !== OPEN_OBJECT) throw this.unexpected(byte, at);
    const path = frame === undefined || frame.path === '' ? this.key : `${frame.path}.${this.key}`;
    const isElement = frame?.isList === true;
    const isList = byte === OPEN_LIST && this.wanted[path] === 'elements';
    if (!isElement && (isList || (byte === OPEN_OBJECT && this.ancestorPaths.has(path)))) {
      this.frames.push({ path, isList });
      this.isFirst = true;
      this.expects = isList ? 'value' : 'key';
      return at + 1;
    }
    return this.begin(isElement || this.wanted[path] === 'value' ? 'picked' : 'skipped', at);
  }

  private begin(token: 'key' | 'picked' | 'skipped', at: number): number {
    this.token = token;
    this.isFirst = false;
    return at;
  }

  /** Reads to the end of the token or of the chunk. */
  private read(chunk: Buffer, from: number): number {
    const end = this.endOfValue(chunk, from);
    if (this.token !== 'skipped') this.chunks.push(chunk.subarray(from, end < 0 ? undefined : end));
    if (end < 0) return chunk.length;

    const text = this.token === 'skipped' ? '' : Buffer.concat(this.chunks).toString('utf8');
    const finished = this.token;
    this.chunks = [];
    this.token = 'none';
    if (finished === 'key') {
      this.key = JSON.parse(text) as string;
      this.expects = 'colon';
      return end;
    }
    const { path = '', isList = false } = this.frames.at(-1) ?? {};
    if (finished === 'picked') this.take(isList ? path : [path, this.key].filter(Boolean).join('.'), text);
    return this.next(end);
  }

  /** Offset after the value, or -1 if it continues in the next chunk. */
  private endOfValue(chunk: Buffer, from: number): number {
    let { depth, inString, isEscaped } = this;
    let at = from;
    let isDone = false;
    for (; at < chunk.length && !isDone; at += 1) {
      const byte = chunk[at]!;
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          inString = false;
          isDone = depth === 0;
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        // A number or literal ends at the next delimiter.
        if (depth === 0) return this.settle(at);
        depth -= 1;
        isDone = depth === 0;
      } else if (byte === COMMA && depth === 0) return this.settle(at);
    }
    if (isDone) return this.settle(at);
    Object.assign(this, { depth, inString, isEscaped });
    return -1;
  }

  private settle(end: number): number {
    this.depth = 0;
    this.inString = false;
    this.isEscaped = false;
    return end;
  }

  private next(at: number): number {
    this.expects = 'next';
    this.isFirst = false;
    return at;
  }

  private unexpected(byte: number, at: number): SyntaxError {
    return new SyntaxError(`unexpected '${String.fromCharCode(byte)}' at byte ${this.offset + at}`);
  }
}
