import { Progress } from '../../tools/progress';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function runFor(seconds: number, isTTY: boolean): string[] {
  const written: string[] = [];
  const progress = new Progress({ isTTY, write: (text: string) => written.push(text) });
  progress.next('comparing');
  jest.advanceTimersByTime(seconds * 1_000);
  progress.end();
  jest.advanceTimersByTime(60_000);
  return written;
}

describe('progress', () => {
  test.each([true, false])('of a command that ends at once is not shown (terminal: %s)', (isTTY) => {
    expect(runFor(1.9, isTTY)).toEqual([]);
  });

  test('updates one line of a terminal each second, and removes it', () => {
    expect(runFor(4, true)).toEqual([
      '\r\u001b[Kcomparing … 2 s',
      '\r\u001b[Kcomparing … 3 s',
      '\r\u001b[Kcomparing … 4 s',
      '\r\u001b[K',
    ]);
  });

  test('adds a line to a log after 2 s, then every 30 s', () => {
    expect(runFor(70, false)).toEqual(['comparing … 2 s\n', 'comparing … 32 s\n', 'comparing … 62 s\n']);
  });
});
