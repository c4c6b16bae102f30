/** Terraform's state of one stack: its file, and the state that a plan starts from. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isApiObject, type ApiObject } from '../engine/json';
import type { StatePlace } from '../server/state-bucket';

export interface StateJson {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string | number;
      readonly attributes: ApiObject;
      /** `tainted` */
      status?: string;
    }[];
  }[];
}

/** Part of `terraform show -json` of a plan. */
interface PlanJson {
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: {
        readonly resources?: readonly {
          readonly mode: string;
          readonly address: string;
          readonly values: ApiObject;
        }[];
      };
    };
  };
}

export function stateFile(file: string): StatePlace {
  return {
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    write: (text) => writeFileSync(file, text),
    remove: () => rmSync(file, { force: true }),
  };
}

/** Attributes of managed resources, by their addresses. */
export type Managed = ReadonlyMap<string, ApiObject>;

export class StackState {
  constructor(private readonly place: StatePlace) {}

  read(): StateJson {
    const text = this.place.read();
    return text === undefined ? { resources: [] } : (JSON.parse(text) as StateJson);
  }

  write(state: StateJson): void {
    this.place.write(JSON.stringify(state));
  }

  remove(): void {
    this.place.remove();
  }

  managed(): Managed {
    return new Map(
      this.read()
        .resources.filter(({ mode }) => mode === 'managed')
        .flatMap(({ type, name, instances }) =>
          instances.map(({ index_key: key, attributes }) => [
            `${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
            Object.fromEntries(
              Object.entries(attributes).map(([field, value]) => [field, withoutType(value)]),
            ),
          ]),
        ),
    );
  }
}

/** The state that a plan was made from, after its refresh. */
export function priorState(planFile: string): Managed {
  const plan = JSON.parse(readFileSync(planFile, 'utf8')) as PlanJson;
  const resources = plan.prior_state?.values?.root_module?.resources ?? [];
  return new Map(
    resources.filter(({ mode }) => mode === 'managed').map(({ address, values }) => [address, values]),
  );
}

/** The state file writes an attribute of a dynamic type, such as a manifest, with its type. */
function withoutType(value: unknown): unknown {
  const isTyped = isApiObject(value) && Object.keys(value).sort().join() === 'type,value';
  return isTyped ? value['value'] : value;
}
