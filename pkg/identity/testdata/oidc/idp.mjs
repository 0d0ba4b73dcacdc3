// A real OpenID provider for the tests: oidc-provider with one person at a time.
//
// The person is whoever login_hint says, "sub,email,verified": the tests stand in for the page where somebody would log in.
// Started with the redirect address and the way clients send their secret; prints one line, its own address, when it listens.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [redirectURI, secretGoes] = process.argv.slice(2); // secretGoes: client_secret_basic or client_secret_post
const claims = new Map();

const server = createServer((req, res) => handle(req, res));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = (id, more) => ({ client_id: id, client_secret: "hemligt", token_endpoint_auth_method: secretGoes, redirect_uris: [redirectURI], grant_types: ["authorization_code"], ...more });
  const provider = new Provider(issuer, {
    clients: [client("lyhord"), client("strange", { id_token_signed_response_alg: "RS512" })],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    jwks: { keys: [generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" })] },
    clientAuthMethods: [secretGoes],
    acrValues: ["urn:stark"],
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "RS512"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/log-in/${interaction.uid}` },
    cookies: { keys: ["only for tests"] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...claims.get(sub) }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
  });
  const normal = provider.callback();
  handle = async (req, res) => {
    if (!req.url.startsWith("/log-in/")) return normal(req, res);
    const { params } = await provider.interactionDetails(req, res);
    const [sub, email, verified] = (params.login_hint ?? "").split(",");
    if (!sub) return provider.interactionFinished(req, res, { error: "access_denied" });
    claims.set(sub, { email, email_verified: verified === "true" });
    return provider.interactionFinished(req, res, { login: { accountId: sub, acr: sub.startsWith("stark") ? "urn:stark" : undefined } });
  };
  console.log(issuer);
});

let handle = (_req, res) => res.writeHead(503).end();
