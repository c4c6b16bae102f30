import { EXTERNAL_CLIENTS } from '../facts/fact';
import type { Flag } from './flag';
import { INGRESS_GATEWAY } from '../../naming';

/** Ordinary work that reviewers must see. `public-exposure` has the routes without a token. */
export const publicRouteAdded: Flag = {
  id: 'public-route-added',
  severity: 'notice',
  title: 'Public route with end-user token added',
  find: ({ facts }) =>
    facts.flatMap(({ kind, before, after }) => {
      if (kind !== 'permission' || before !== undefined || after === undefined || !('token' in after))
        return [];
      const { subject, caller, method, path, token } = after;
      const isNew = caller === EXTERNAL_CLIENTS && token === 'required' && subject !== INGRESS_GATEWAY.name;
      return isNew
        ? [{ message: `new route ${method} ${path}, end-user token: required`, location: subject }]
        : [];
    }),
};
