/** The floor: loads the provider modules that the synthesized stacks use, and does nothing. */
import { load, modulesOf } from './provider-modules';

const [, , synthesized = ''] = process.argv;
for (const path of modulesOf(synthesized)) load(path);
