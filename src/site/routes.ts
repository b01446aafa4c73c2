/** The front doors for people: `/`, `/meetings`, `/communities`, `/e`, `/vote`, `/console`, `/assets` (DESIGN §6). */
import type { Request, Response } from 'express';
import { Router } from 'express';
import type { Meeting } from '../assembly/meetings.ts';
import { listPublished, readMeeting } from '../assembly/meetings.ts';
import { publicRequisitions } from '../assembly/requisition-views.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { sendProblem } from '../http/problem.ts';
import { archiveManifestForm, fileDigest } from '../record/archive.ts';
import { annulledMeetings } from '../tally/annulments.ts';
import { documentsOf } from '../web/public/documents/document-names.ts';
import { archiveFactsOf, archiveOf, meetingAddress } from './archive/archive.tsx';
import type { Asset, Assets } from './assets.ts';
import { readAssets } from './assets.ts';
import { deliveryFacts, rollFacts } from './document-view.ts';
import { fundView } from './fund-view.ts';
import { setPageHeaders } from './headers.ts';
import { meetingView } from './meeting-view.ts';
import {
  archiveDocument,
  assetsDocument,
  consoleDocument,
  diagnoseDocument,
  fundDeskDocument,
  fundDocument,
  lettersDocument,
  meetingDocument,
  meetingsDocument,
  mineDocument,
  printedDocument,
  requisitionsDocument,
  rulesDocument,
  voteDocument,
  whatIfDocument,
} from './pages.tsx';
import { requisitionsView } from './requisitions-view.ts';
import { rulesView } from './rules-view.ts';
import { whatIfView } from './what-if-view.ts';

/** What the site is given; `assetsDir` is where the pages were built. */
export type SiteDeps = { readonly ballot: BallotDeps; readonly assetsDir: string };

const IMMUTABLE = 'public, max-age=31536000, immutable';
const ID = /^[a-z2-7]{26}$/;

function sendPage(response: Response, html: string, { isPersonal }: { readonly isPersonal: boolean }): void {
  setPageHeaders(response, isPersonal);
  response.type('text/html; charset=utf-8').send(html);
}

function sendAsset(request: Request, response: Response, asset: Asset): void {
  response.set({
    'Cache-Control': IMMUTABLE,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Type': asset.type,
    Vary: 'Accept-Encoding',
  });
  const coding = request.acceptsEncodings('br', 'gzip');
  if (coding !== 'br' && coding !== 'gzip') {
    response.end(asset.bytes);
    return;
  }
  response.set('Content-Encoding', coding).end(asset.coded[coding]);
}

/** Reads the files when the first page is asked for, so that a service without pages can still start. */
function lazily(deps: SiteDeps): () => Assets {
  let assets: Assets | undefined;
  return () => {
    assets ??= readAssets(deps.assetsDir, deps.ballot.deployment);
    return assets;
  };
}

/** The pack as a file, and the page where its digest is compared with. */
function mountArchive(router: Router, { ballot }: SiteDeps, assets: () => Assets): void {
  const published = async (id: string): Promise<Meeting | undefined> => {
    const meeting = ID.test(id) ? await readMeeting(ballot.db, id) : undefined;
    return meeting?.state === 'draft' ? undefined : meeting;
  };
  router.get('/meetings/:meeting/archive', async (request, response, next) => {
    const meeting = await published(request.params.meeting);
    if (meeting === undefined) return next();
    const facts = await archiveFactsOf(ballot, assets(), meeting);
    if (!facts.ok) return sendProblem(response, facts.refusal);
    const { manifest, pack } = facts.value;
    const html = archiveDocument(assets(), {
      view: await meetingView(ballot, meeting),
      address: `${meetingAddress(ballot, meeting.meeting)}/archive`,
      manifest: archiveManifestForm.own(manifest),
      digest: fileDigest(manifest),
      pack,
    });
    sendPage(response, html, { isPersonal: false });
  });
  router.get('/meetings/:meeting/archive.zip', async (request, response, next) => {
    const meeting = await published(request.params.meeting);
    if (meeting === undefined) return next();
    const archive = await archiveOf(ballot, assets(), meeting);
    if (!archive.ok) return sendProblem(response, archive.refusal);
    setPageHeaders(response, false);
    response.attachment(`archive-${meeting.meeting}-${meeting.state}.zip`).type('application/zip');
    response.send(Buffer.from(archive.value.pack));
  });
}

/** Routes of all pages and their files. */
export function siteRouter(deps: SiteDeps): Router {
  const router = Router();
  const assets = lazily(deps);
  router.get('/assets/:file', (request, response, next) => {
    const asset = assets().files.get(`/assets/${request.params.file}`);
    if (asset === undefined) next();
    else sendAsset(request, response, asset);
  });
  mountPublic(router, deps, assets);
  mountArchive(router, deps, assets);
  router.get('/e', (_request, response) => {
    sendPage(response, voteDocument(assets(), ''), { isPersonal: true });
  });
  router.get('/mine', (_request, response) => {
    sendPage(response, mineDocument(assets()), { isPersonal: true });
  });
  router.get('/vote', (_request, response) => response.redirect(303, '/e'));
  router.get('/vote/:meeting', (request, response, next) => {
    const { meeting } = request.params;
    if (ID.test(meeting)) sendPage(response, voteDocument(assets(), meeting), { isPersonal: true });
    else next();
  });
  router.get(['/console', '/console/enrol'], (_request, response) => {
    sendPage(response, consoleDocument(assets()), { isPersonal: true });
  });
  router.get('/console/letters', (_request, response) => {
    sendPage(response, lettersDocument(assets()), { isPersonal: true });
  });
  router.get('/console/fund', (_request, response) => {
    sendPage(response, fundDeskDocument(assets()), { isPersonal: true });
  });
  return router;
}

function mountPublic(router: Router, { ballot }: SiteDeps, assets: () => Assets): void {
  router.get('/', async (_request, response) => {
    const meetings = await listPublished(ballot.db);
    const html = meetingsDocument(
      assets(),
      meetings,
      await annulledMeetings(ballot.db),
      await publicRequisitions(ballot),
      ballot.deployment.demoRoot,
    );
    sendPage(response, html, { isPersonal: false });
  });
  router.get('/meetings/:meeting', async (request, response, next) => {
    const { meeting: id } = request.params;
    const meeting = ID.test(id) ? await readMeeting(ballot.db, id) : undefined;
    if (meeting === undefined || meeting.state === 'draft') return next();
    const html = meetingDocument(assets(), await meetingView(ballot, meeting));
    sendPage(response, html, { isPersonal: false });
  });
  router.get('/meetings/:meeting/documents/:name', async (request, response, next) => {
    const { meeting: id, name: wanted } = request.params;
    const meeting = ID.test(id) ? await readMeeting(ballot.db, id) : undefined;
    if (meeting === undefined || meeting.state === 'draft') return next();
    const document = { view: await meetingView(ballot, meeting), address: meetingAddress(ballot, id) };
    const name = documentsOf(document.view).find((each) => each === wanted);
    if (name === undefined) return next();
    const facts = {
      roll: name === 'roll' ? await rollFacts(ballot, meeting) : undefined,
      deliveries: name === 'delivery' ? await deliveryFacts(ballot, meeting) : undefined,
    };
    const html = printedDocument(assets(), document, name, facts);
    if (html === undefined) next();
    else sendPage(response, html, { isPersonal: false });
  });
  router.get('/communities/:community/fund', async (request, response, next) => {
    const { community } = request.params;
    const view = ID.test(community) ? await fundView(ballot, community) : undefined;
    if (view === undefined) next();
    else sendPage(response, fundDocument(assets(), view), { isPersonal: false });
  });
  router.get('/communities/:community/rules', async (request, response, next) => {
    const { community } = request.params;
    const view = ID.test(community) ? await rulesView(ballot, community) : undefined;
    if (view === undefined) next();
    else sendPage(response, rulesDocument(assets(), view), { isPersonal: false });
  });
  router.get('/communities/:community/requisitions', async (request, response, next) => {
    const { community } = request.params;
    const view = ID.test(community) ? await requisitionsView(ballot, community) : undefined;
    if (view === undefined) next();
    else sendPage(response, requisitionsDocument(assets(), view), { isPersonal: false });
  });
  router.get('/what-if', (request, response) => {
    sendPage(response, whatIfDocument(assets(), whatIfView(request.query)), { isPersonal: false });
  });
  router.get('/diagnose', (_request, response) => {
    sendPage(response, diagnoseDocument(assets()), { isPersonal: false });
  });
  router.get('/assets-list', (_request, response) => {
    sendPage(response, assetsDocument(assets()), { isPersonal: false });
  });
}
