import { hasDigit, isTokenLike, type SecretForm } from './secret-form.js'

/** Matches where a token may start: not after a character of a name or of base64, except the `n` of an escaped line break. */
const start = String.raw`(?<!(?<!\\)[A-Za-z0-9_+-])`
/** Like `start`, for tokens of letters and digits only, which base64 with its slashes may contain by chance. */
const alone = String.raw`(?<!(?<!\\)[\w+/-])`
const end = String.raw`(?![\w+/-])`

/** Creates the form of a secret for tokens with a vendor's prefix. The rest must look random, unlike words and names. */
function prefixed(word: string, prefixes: string, body = String.raw`[\w-]{16,200}`): SecretForm {
  return { word, form: new RegExp(`${start}(?:${prefixes})(?<secret>${body})`, 'g'), when: isTokenLike }
}

function formed(word: string, form: string): SecretForm {
  return { word, form: new RegExp(`${alone}(?<secret>${form})${end}`, 'g') }
}

/** Forms of secret tokens by vendor, for which secretlint has no rule or a narrower one. */
export const secretFormsByToken: readonly SecretForm[] = [
  prefixed('GitHub token', 'gh[pousr]_|github_pat_'),
  prefixed('GitLab token', 'gl[a-z]{1,8}-|_gitlab_session='),
  prefixed('Bitbucket or Atlassian token', 'AT[A-Z]{2}T3x?|ATBB|ATCTT|ATTA', String.raw`[\w=.-]{16,200}`),
  prefixed(
    'API key',
    'sk-|sess-|sk_(?:live|test|prod)_|[rp]k_(?:live|test|prod)_|sk_|csk-|fw_|esecret_|pplx-|gsk_|xai-|r8_|pcsk_|tvly-|jina_|nvapi-|crsr_|lsv2_[a-z]{2}_|rpa_|tgp_v1_|key_|cpk_|pa-|apify_api_|fc-|re_(?=[A-Za-z0-9]{6,10}_)|phx_|phc_|phs_|ntn_|secret_|waka_|hcaik_|syn_|aio_|napi_|vck_|vcp_|vci_|vca_|vcr_|bce-v3/|zpka_|bb_live_|e2b_|dtn_|fal_|lin_(?:api|oauth|wh)_|shippo_(?:live|test)_|sdk-|mob-|api-(?=[\\da-f]{8}-)',
  ),
  prefixed('Hugging Face token', 'hf_|api_org_'),
  prefixed('Slack token', 'xox[a-z]-|xoxe\\.xox[a-z]-|xapp-|xwfp-', String.raw`[\w.-]{10,200}`),
  prefixed('package registry token', 'npm_|pypi-|rubygems_|dckr_[a-z]{3}_|pul-|NPM_TOKEN_'),
  prefixed(
    'cloud token',
    'do[opr]_v1_|dop_v1_|hv[sbr]\\.|s\\.(?=[A-Za-z0-9]{24}\\b)|tskey-|fm[12][a-z]?_|fo1_|nfp_|sbp_|sb_(?:secret|publishable)_|rnd_|HRKU-|dp\\.[a-z]{2,5}\\.|pscale_[a-z]{2,6}_|mdb_sa_[a-z]{2}_|dose[a-z0-9]*_|st\\.(?=[\\da-f]{24})|cfut_|cfat_|exo_|scw_|civo_|lin_|vultr_|v1\\.0-(?=[\\da-f]{24}-)|dkea|nvpat-|kaggle_|KGAT_',
    String.raw`[\w.+/=-]{16,200}`,
  ),
  prefixed(
    'CI token',
    'CCIP(?:AT|RJ)_|bk[a-z]{2}_|sq[aupb]_|sgp_|sgph_|codecov_|PMAK-|CFPAT-|fig[a-z]?_|fig[dour]_|snyk_|glimt-|ops_|PAT-|tfe_|tf[cp]_|drone_',
  ),
  prefixed(
    'monitoring token',
    'gl(?:c|sa)_|NR(?:AK|II|JS|RA|BR|SP|IQ|AA)-|sntry[a-z]_|dt0[a-z]\\d{2}\\.|rk_|ddapi_|ddp_|logtail_|lgtl_|hb[pl]p_|pdus\\+',
    String.raw`[\w.=+/-]{16,200}`,
  ),
  prefixed(
    'payment or mail key',
    'whsec_|sq0[a-z]{3}-|SG\\.|xkeysib-|xsmtpsib-|key-(?=[\\da-f]{32})|access_token\\$(?:production|sandbox)\\$|access-(?:sandbox|production|development)-|MLSN\\.|mlsn\\.|shp[a-z]{2}_|(?:live|test)_(?=[\\w]{32,}\\b)',
    String.raw`[\w.$=+/-]{16,200}`,
  ),
  prefixed('Google key', 'GOCSPX-|ya29\\.|1//0|AQ\\.A', String.raw`[\w./-]{20,200}`),
  formed('Google key', 'AIza[\\w-]{35,40}'),
  formed('Meta token', 'EAA[A-Za-z0-9]{80,400}|IG(?:QV|AA)[A-Za-z0-9_-]{60,400}'),
  formed(
    'API key',
    '(?:EAAA|AQE)[\\w-]{60,400}|EZ[AT]K[A-Za-z0-9]{50,60}|AAAAAAAAAA[\\w%]{50,200}|dapi[\\da-f]{32}(?:-\\d)?|GR1348941[\\w-]{20}',
  ),
  formed('AWS key', 'ABSK[A-Za-z0-9+/]{100,400}={0,2}'),
  formed(
    'package registry token',
    'cio[A-Za-z0-9]{32}|oy2[a-z0-9]{43}|AKCp[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9]{56}',
  ),
  formed('AWS key', '(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|A3T[A-Z0-9])[A-Z0-9]{16}'),
  formed('AWS key', String.raw`amzn\.mws\.[\da-f]{8}-[\da-f-]{27}`),
  formed('cloud key', 'LTAI[A-Za-z0-9]{12,26}|AKID[A-Za-z0-9]{13,40}|AKLT[\\w-]{16,60}|SCW[A-Z0-9]{17}'),
  formed('Azure secret', String.raw`[\w~.-]{3}[78]Q~[\w~.-]{31,34}`),
  formed('Azure key', String.raw`[A-Za-z0-9]{52}(?:JQQJ9|AZDO|ACDb|APIm|AAAAAC)[A-Za-z0-9+/]{4,40}={0,2}`),
  formed('NATS seed', 'S[ACOUNPX][A-Z2-7]{56}'),
  formed('age key', 'AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,2000}'),
  formed('wallet key', '[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{80,120}'),
  formed('Telegram token', String.raw`(?:bot)?\d{8,10}:AA[\w-]{32,34}`),
  formed('Discord token', String.raw`(?:[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,45}|mfa\.[\w-]{60,120})`),
  formed('Terraform token', String.raw`[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}`),
  formed('Twilio key', '(?:SK|AC)[\\da-f]{32}'),
  formed('Mailchimp key', String.raw`[\da-f]{32}-us\d{1,2}`),
  formed('Airtable token', String.raw`pat[A-Za-z0-9]{14}\.[\da-f]{64}`),
  formed(
    '1Password key',
    '[AO][234]-[A-Z0-9]{6}-[A-Z0-9]{5,6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?:-[A-Z0-9]{5})?',
  ),
  formed('Yandex token', 'AQVN[\\w-]{35,38}|y[0-6]_[\\w-]{40,80}|t1\\.[\\w-]{20,400}\\.[\\w-]{60,100}'),
  formed('token', '(?:sl\\.(?:u\\.)?[\\w-]{60,1500}|doo_v1_[\\da-f]{64}|PRIVATE-[\\da-f]{64})'),
  formed(
    'password hash',
    String.raw`\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2i?d?|scrypt|pbkdf2[\w-]*)\$[\w./$=,+-]{20,200}`,
  ),
  {
    word: 'JWT',
    form: /(?<!(?<!\\)[\w-])(?<secret>eyJ[\w-]{8,8000}\.(?:eyJ)?[\w-]{4,16000}\.[\w-]*(?:\.[\w-]+){0,2})/g,
  },
  {
    word: 'webhook',
    form: /(?<before>https?:\/\/[\w.-]{1,80}(?::\d{1,5})?\/(?:hooks|webhooks?)\/)(?<secret>[\w\-./%?=&+~]{16,400})/gi,
    when: isTokenLike,
  },
  {
    word: 'webhook',
    form: /(?<before>(?<![\w.-])(?:https?:\/\/)?(?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)|(?:\w{1,20}\.)?discord(?:app)?\.com\/api(?:\/v\d+)?\/webhooks|[\w.-]{1,80}\.webhook\.office\.com\/webhookb2|outlook\.office\.com\/webhook|hooks\.zapier\.com\/hooks\/catch|hook\.[\w.]{1,20}make\.com|hook\.integromat\.com|maker\.ifttt\.com\/(?:use|trigger)|open\.(?:feishu|larksuite)\.(?:cn|com)\/open-apis\/bot\/v2\/hook|[\w.-]{1,80}\.logic\.azure\.com(?::\d+)?\/workflows|events\.pagerduty\.com\/integration|[\w.-]{1,80}\.pipedream\.net|api\.telegram\.org\/bot)\/?)(?<secret>[\w\-./%:?=&+~@]{8,600})/gi,
    when: (secret) => hasDigit(secret) || secret.length >= 20,
  },
]

/** Tokens with a prefix that no name has, so that the length of the vendor is enough to recognize them. */
export const secretFormsByPrefix: readonly SecretForm[] = [
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

/** Creates the form of a secret with a prefix and a body. An escaped line break may come before it; longer tokens match whole. */
function distinct(word: string, prefix: string, body: string): SecretForm {
  return { word, form: new RegExp(String.raw`(?<!(?<!\\)[A-Za-z0-9_+-])(?<secret>${prefix}${body})`, 'g') }
}
