import { runbooksUrl } from '../../model/runbooks';

test.each([
  [{ runbooks: 'https://code.example/mesh/' }, 'https://code.example/mesh'],
  [{ runbooks: undefined, repository: 'shop/mesh' }, 'https://github.com/shop/mesh/blob/main/docs/runbooks'],
  [{ runbooks: 'https://code.example', repository: 'shop/mesh' }, 'https://code.example'],
  [{}, undefined],
])('%j: the runbooks are at %s', (mesh, url) => {
  expect(runbooksUrl(mesh)).toBe(url);
});
