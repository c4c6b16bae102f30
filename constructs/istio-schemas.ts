import validation from '@kubernetes-models/validate';
import { SchemaCheck, type ObjectSchema } from './schema-check';

const check = new SchemaCheck();

/**
 * Replaces the compiling validator of the Istio models. Those of Kubernetes' own kinds are compiled ahead, and do not
 * use it.
 */
Object.assign(validation, {
  register: (id: string, schema: ObjectSchema) => check.register(id, schema),
  validate: (id: string, value: unknown) => {
    const errors = check.errorsOf(id, value);
    if (errors.length > 0) throw new Error(errors.join(', '));
  },
});
