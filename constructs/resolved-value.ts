import type { IResolvable, IResolveContext } from 'cdktf';

/** Texts, lists and maps carry the first, objects become the second, numbers are beyond what a manifest counts. */
const TOKEN = /TfToken\[|"<unresolved-|\de\+2[89]\d/;

/**
 * A value without tokens, handed to Terraform as it is. cdktf walks every value several times in search of
 * tokens, leaf by leaf; the objects of the cluster are nine tenths of what it would walk, and hold none.
 */
export class ResolvedValue implements IResolvable {
  readonly creationStack: string[] = [];

  /** @throws if the value holds a token after all: it would reach Terraform as text */
  constructor(
    private readonly value: object,
    owner: string,
  ) {
    if (TOKEN.test(JSON.stringify(value)))
      throw new Error(`${owner}: a token of cdktf where only values belong`);
  }

  /** What a post-processor returns is taken without another walk. */
  resolve(context: IResolveContext): undefined {
    context.registerPostProcessor({ postProcess: () => this.value });
  }
}
