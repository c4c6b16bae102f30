/** Picks values out of a JSON text of any length, and passes over the rest without making anything of it. */

/** What is picked, by path: `errored` itself, or each element of the list at `prior_state.values`. */
export type Wanted = Readonly<Record<string, 'value' | 'elements'>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An object or a list on the way to what is wanted. */
interface Frame {
  readonly path: string;
  readonly isList: boolean;
}

/**
 * A parser makes values, and of a plan most are thrown away at once: to count brackets outside of strings is all
 * that it takes to get past them. What is passed over is not checked, beyond its brackets and strings having an end.
 */
export class JsonPicker {
  private readonly frames: Frame[] = [];
  private readonly onTheWay: ReadonlySet<string>;
  private key = '';
  private expects: 'value' | 'key' | 'colon' | 'next' = 'value';
  private isFirst = true;
  private offset = 0;

  /** The value that is being passed: 'picked' ones are kept. */
  private passing: 'none' | 'key' | 'picked' | 'skipped' = 'none';
  private chunks: Buffer[] = [];
  private depth = 0;
  private inString = false;
  private isEscaped = false;

  /** @param take hears of each value: the path that was asked for, and the text */
  constructor(
    private readonly wanted: Wanted,
    private readonly take: (path: string, text: string) => void,
  ) {
    const steps = Object.keys(wanted).map((path) => path.split('.'));
    this.onTheWay = new Set(steps.flatMap((path) => path.map((_, count) => path.slice(0, count).join('.'))));
  }

  /** @throws SyntaxError if this is no JSON object */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;)
      at = this.passing === 'none' ? this.walk(chunk, at) : this.pass(chunk, at);
    this.offset += chunk.length;
  }

  /** @throws SyntaxError if the text ended early */
  end(): void {
    if (this.expects !== 'next' || this.frames.length > 0 || this.passing !== 'none')
      throw new SyntaxError('the text ends too early');
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
    if (!isElement && (isList || (byte === OPEN_OBJECT && this.onTheWay.has(path)))) {
      this.frames.push({ path, isList });
      this.isFirst = true;
      this.expects = isList ? 'value' : 'key';
      return at + 1;
    }
    return this.begin(isElement || this.wanted[path] === 'value' ? 'picked' : 'skipped', at);
  }

  private begin(passing: 'key' | 'picked' | 'skipped', at: number): number {
    this.passing = passing;
    this.isFirst = false;
    return at;
  }

  /** To the end of the value or of the chunk. */
  private pass(chunk: Buffer, from: number): number {
    const end = this.endOfValue(chunk, from);
    if (this.passing !== 'skipped') this.chunks.push(chunk.subarray(from, end < 0 ? undefined : end));
    if (end < 0) return chunk.length;

    const text = this.passing === 'skipped' ? '' : Buffer.concat(this.chunks).toString('utf8');
    const passed = this.passing;
    this.chunks = [];
    this.passing = 'none';
    if (passed === 'key') {
      this.key = JSON.parse(text) as string;
      this.expects = 'colon';
      return end;
    }
    const { path = '', isList = false } = this.frames.at(-1) ?? {};
    if (passed === 'picked') this.take(isList ? path : [path, this.key].filter(Boolean).join('.'), text);
    return this.next(end);
  }

  /** Just behind the value, or -1 if it goes on in the next chunk. */
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
        // A number or a word ends where something else begins.
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
