// Names and texts of a release, from the output of `mesh release set --json`.

/** One branch for each image: `release/prod-cart-0123456789ab`. */
export function branchOf(outcome) {
  return `${branchPrefixOf(outcome)}${digestOf(outcome.image).slice(0, 12)}`;
}

export function branchPrefixOf({ environment, service }) {
  return `release/${environment}-${service}-`;
}

export function titleOf({ environment, service, version, image }) {
  return `Release ${service} ${version} ${digestOf(image).slice(0, 12)} to ${environment}`;
}

/** Without a digest, a name that is allowed in a branch. */
function digestOf(image) {
  return image.split('@sha256:')[1] ?? image.replace(/.*[:/]/, '');
}
