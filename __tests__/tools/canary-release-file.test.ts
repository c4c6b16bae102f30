import { editRelease } from '../../tools/canary-release/release-file';

describe('the release file', () => {
  const TEXT = `# Written by the pipeline.
services:
  cart: { images: {}, canary: { version: v2, weightPercent: 10 } } # flow

  # about web
  web:
    images:
      v1: registry.example/${'long/'.repeat(40)}web:1
acknowledgedIncidents: ['0.abc', "0.def"]
`;

  test('keeps every other byte', () => {
    expect(editRelease(TEXT, 'cart', [{ path: ['canary', 'weightPercent'], value: 25 }])).toBe(
      TEXT.replace('weightPercent: 10', 'weightPercent: 25'),
    );
    expect(editRelease(TEXT, 'web', [{ path: ['images', 'v2'], value: 'registry.example/web:2' }])).toBe(
      TEXT.replace('web:1\n', 'web:1\n      v2: registry.example/web:2\n'),
    );
  });

  test('gains a new entry, and loses removed values', () => {
    expect(editRelease(TEXT, 'web', [{ path: ['images', 'v1'], value: undefined }])).toBe(
      TEXT.replace(/ {4}images:\n.*web:1\n/, '    images: {}\n'),
    );
    expect(editRelease('services: {}\n', 'web', [{ path: ['images', 'v1'], value: 'a/b:1' }])).toContain(
      'web:',
    );
  });

  test('whose entry has an unusual layout is not edited', () => {
    const odd = TEXT.replace('images: {}, canary', 'images: {},   canary');

    expect(() => editRelease(odd, 'cart', [])).toThrow("the entry of 'cart'");
    expect(editRelease(odd, 'web', [{ path: ['images', 'v2'], value: 'a/b:2' }])).toContain('{},   canary');
  });
});
