/** Commands in the documentation that change something by hand. */

/** The last word of a command that only reads. `pull` without `--auto-ack` leaves the messages. */
const READS =
  /^(describe|get|list|logs|pull|read|top|version|get-credentials|port-forward|rollout status|rollout history|auth can-i)$/;

/** The words of every gcloud and kubectl command, in shell blocks and in inline code, up to its arguments. */
export function cloudCommandsIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, block = '']) => block);
  const inline = [...markdown.replace(/^ *```[^]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)].map(
    ([, code = '']) => code.replace(/\s+/g, ' '),
  );
  return [...blocks.flatMap((block) => block.split('\n')), ...inline].flatMap((line) =>
    [...line.matchAll(/(?:^|[\s(|;&])(gcloud|kubectl) ([^|;&)]*)/g)].map(([, program = '', rest = '']) =>
      `${program} ${wordsOf(program, rest.trim().split(/\s+/)).join(' ')}${/--auto-ack/.test(rest) ? ' --auto-ack' : ''}`.trim(),
    ),
  );
}

/** Commands that change something. */
export function changesIn(markdown: string): string[] {
  return cloudCommandsIn(markdown).filter((command) => {
    const words = command.split(' ').slice(1);
    return !READS.test(words.at(-1) ?? '') && !READS.test(words.slice(0, 2).join(' '));
  });
}

/** gcloud: groups and verb, up to a placeholder, name or flag that follows the verb. kubectl: verb and kind. */
function wordsOf(program: string, words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const plain = end === -1 ? words : words.slice(0, end);
  if (program === 'kubectl') return plain.slice(0, plain[0] === 'get' || plain[0] === 'logs' ? 1 : 2);
  const verb = plain.findIndex((word) => VERBS.test(word));
  return verb === -1 ? plain : plain.slice(0, verb + 1);
}

const VERBS =
  /^(add-iam-policy-binding|clone|create|delete|describe|destroy|disable|enable|get-credentials|list|patch|pull|read|remove-iam-policy-binding|restore|undelete|update|add)$/;
