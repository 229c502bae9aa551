import type { SecretForm } from './form.js'

/** Tokens with a prefix that no name has, so that the length of the vendor is enough to recognize them. */
export const vendorTokens: readonly SecretForm[] = [
  distinct('GitLab token', 'gl(?:pat|rt|ptt|dt|oas|cbt|ft|imt|agent|soat|ffct|wt)-', String.raw`[\w-]{20}`),
  distinct('GitHub token', 'gh[pousr]_', '[A-Za-z0-9]{36}'),
  distinct('Bitbucket token', 'ATBB', '[A-Za-z0-9]{32}'),
  distinct('Hugging Face token', 'hf_', '[A-Za-z0-9]{34}'),
  distinct('package registry token', 'dckr_[po]at_', String.raw`[\w-]{27}`),
  distinct('package registry token', 'npm_', '[A-Za-z0-9]{36}'),
  distinct('payment key', 'sq0atp-', String.raw`[\w-]{22}`),
  distinct('payment key', 'sq0csp-', String.raw`[\w-]{43}`),
  distinct('payment key', '[rs]k_(?:live|test)_', '[A-Za-z0-9]{24}'),
  distinct('Google key', 'GOCSPX-', String.raw`[\w-]{28}`),
  distinct('API key', 'r8_', '[A-Za-z0-9]{37}'),
  distinct('API key', 'gsk_', '[A-Za-z0-9]{52}'),
  distinct('API key', 'pplx-', '[A-Za-z0-9]{48}'),
  distinct('API key', 'xai-', '[A-Za-z0-9]{80}'),
  distinct('API key', 'sk-', '[A-Za-z0-9]{48}'),
  distinct('API key', 'ntn_', '[A-Za-z0-9]{46}'),
  distinct('API key', 'lin_api_', '[A-Za-z0-9]{40}'),
  distinct('API key', 'figd_', String.raw`[\w-]{40}`),
  distinct('cloud token', 'nfp_', '[A-Za-z0-9]{36}'),
  distinct('cloud token', String.raw`dp\.pt\.`, '[A-Za-z0-9]{43}'),
  distinct('cloud token', 'pscale_tkn_', String.raw`[\w-]{43}`),
  distinct('cloud token', String.raw`hvs\.`, String.raw`[\w-]{90}`),
  distinct('mail key', String.raw`SG\.`, String.raw`[\w-]{22}\.[\w-]{43}`),
  distinct('Mapbox token', String.raw`[st]k\.eyJ`, String.raw`[\w-]{20,400}\.[\w-]{15,60}`),
]

/** A form for a prefix and a body. The `n` of an escaped line break may come before it; longer tokens are masked whole. */
function distinct(word: string, prefix: string, body: string): SecretForm {
  return { word, form: new RegExp(String.raw`(?<!(?<!\\)[A-Za-z0-9_+-])(?<secret>${prefix}${body})`, 'g') }
}
