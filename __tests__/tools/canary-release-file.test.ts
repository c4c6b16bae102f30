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
  });

  const ADDED = `
    images:
      v1: a/b:1
`;
  const added = (text: string, service: string) =>
    editRelease(text, service, [{ path: ['images', 'v1'], value: 'a/b:1' }]);

  test('gains the first release of a service in its place, and keeps every other byte', () => {
    expect(added(TEXT, 'api')).toBe(TEXT.replace('services:\n', `services:\n  api:${ADDED}`));
    expect(added(TEXT, 'stock')).toBe(TEXT.replace('# flow\n', `# flow\n  stock:${ADDED}`));
    expect(added(TEXT, 'zoo')).toBe(TEXT.replace('web:1\n', `web:1\n  zoo:${ADDED}`));
  });

  test.each([
    ['services: {}\n', `services:\n  web:${ADDED}`],
    ['services: {} # none yet\nother: 1\n', `services: # none yet\n  web:${ADDED}other: 1\n`],
    ['services:\nother: 1\n', `services:\n  web:${ADDED}other: 1\n`],
    ['services: # none yet\n\nother: 1\n', `services: # none yet\n  web:${ADDED}\nother: 1\n`],
    [
      'services:\n    cart: { images: {} }\n',
      `services:\n    cart: { images: {} }\n${`  web:${ADDED}`.replace(/^(?=.)/gm, '  ')}`,
    ],
  ])('gains the first release in %j', (text, expected) => {
    expect(added(text, 'web')).toBe(expected);
  });

  test('whose services are in one line gains no release', () => {
    expect(() => added('services: { cart: { images: {} } }\n', 'web')).toThrow(
      "'services' of the release file",
    );
  });

  test('has the first image of an entry without images on a line of its own', () => {
    expect(
      editRelease('services:\n  cart:\n    images: {}\n', 'cart', [
        { path: ['images', 'v1'], value: 'a/b:1' },
      ]),
    ).toBe(`services:\n  cart:${ADDED}`);
  });

  test('whose entry has an unusual layout is not edited', () => {
    const odd = TEXT.replace('images: {}, canary', 'images: {},   canary');

    expect(() => editRelease(odd, 'cart', [])).toThrow("the entry of 'cart'");
    expect(editRelease(odd, 'web', [{ path: ['images', 'v2'], value: 'a/b:2' }])).toContain('{},   canary');
  });
});
