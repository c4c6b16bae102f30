#!/usr/bin/env bash
# A step of the pipelines in Cloud Build: the same scripts as in .github/workflows, for one environment. cloudbuild.yaml
# hands on its substitutions.
set -euo pipefail
cd "$(dirname "$0")/.."

say() {
  echo "$1" >&2
  exit 1
}

# Where state and saved plans are; refused while state is local.
bucket_of() {
  npm run --silent login -- --env "$ENVIRONMENT" --account "$1" | sed -n 's/^bucket=//p'
}

digest_of() {
  sha256sum "$1" | cut -d ' ' -f 1
}

wave=()
[ -z "${WAVE:-}" ] || wave=(--wave "$WAVE")
[ -n "${ENVIRONMENT:-}" ] || say 'no environment is named; set _ENVIRONMENT'

case "${STEP:-}" in
rollback)
  npm run rollback -- --env "$ENVIRONMENT"
  ;;
deploy)
  # Nobody approves what is deployed this way.
  [ "$ENVIRONMENT" = dev ] || say "only dev is deployed without an approved plan; use _STEP=plan for '$ENVIRONMENT'"
  npm run deploy -- "$ENVIRONMENT-*" --auto-approve
  ;;
plan)
  npm run plan -- --env "$ENVIRONMENT" "${wave[@]}"
  npx --no-install mesh review plans/"$ENVIRONMENT"-*.json
  # Saved plans hold secrets in the clear, so they go where the state is.
  gcloud storage cp plans/*.tfplan plans/summary.json "gs://$(bucket_of plan)/plans/$BUILD/"
  echo "to apply: _STEP=apply,_ENVIRONMENT=$ENVIRONMENT,_WAVE=${WAVE:-},_PLANS=$BUILD,_APPROVED=$(digest_of plans/summary.json)"
  ;;
apply)
  [ -n "${PLANS:-}" ] && [ -n "${APPROVED:-}" ] || say 'no plan is named; take _PLANS and _APPROVED from the build that planned'
  mkdir -p plans
  gcloud storage cp "gs://$(bucket_of apply)/plans/$PLANS/*" plans/
  [ "$(digest_of plans/summary.json)" = "$APPROVED" ] || say 'these are not the plans that were approved; plan again'
  npm run apply -- --env "$ENVIRONMENT" "${wave[@]}" --approved plans/summary.json
  ;;
drift)
  status=0
  npm run --silent drift -- --env "$ENVIRONMENT" || status=$?
  [ "$status" != 2 ] || npx --no-install mesh review plans/"$ENVIRONMENT"-*.json
  exit "$status"
  ;;
*)
  say "'${STEP:-}' is no step; set _STEP to plan, apply, deploy, drift or rollback"
  ;;
esac
