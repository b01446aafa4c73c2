/** The open connections of a server: which of them only wait, which read no answer, and who makes room when there are too many. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { subscriberOf } from './client-address.ts';

export type BookLimits = {
  readonly answerMs: number;
  readonly lingerMs: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
};

type Answering = { readonly response: ServerResponse; endedAt: number | undefined };
type Connection = {
  readonly socket: Socket;
  readonly address: string;
  readonly answers: Answering[];
  isEnding: boolean;
};

export type ConnectionBook = {
  /** Takes a connection in, and makes room for it by ending another. */
  readonly open: (socket: Socket) => void;
  /** Enters a request; gives how many of its connection now wait for an answer. */
  readonly begin: (socket: Socket, response: ServerResponse) => number;
  /** The responses of a connection that have not gone out, in the order of their requests. */
  readonly unansweredOf: (socket: Duplex) => readonly ServerResponse[];
  /** Marks a connection whose last answer is decided; gives whether it was marked before. */
  readonly end: (socket: Duplex) => boolean;
  /** Nothing that comes in on such a connection has an effect any more. */
  readonly isEnding: (socket: Duplex) => boolean;
  /** Ends connections whose answers nobody takes, and in a server that stops those without a request: node ends only some of them. */
  readonly sweep: (now: number, isStopping: boolean) => void;
};

/** A whole request that we owe an answer: the only kind of connection that is never ended to make room. */
const isOwed = ({ answers }: Connection): boolean =>
  answers.some(({ response, endedAt }) => endedAt === undefined && response.req.complete);

/** The book of one server. */
export function connectionBook(
  limits: BookLimits,
  isShared: (address: string | undefined) => boolean,
): ConnectionBook {
  // In the order of coming in or of the last answer, so that the first that waits has waited longest.
  const all = new Map<Duplex, Connection>();
  const byAddress = new Map<string, Set<Connection>>();

  const enter = (connection: Connection): Set<Connection> => {
    const beside = byAddress.get(connection.address) ?? new Set();
    all.set(connection.socket, connection);
    byAddress.set(connection.address, beside.add(connection));
    return beside;
  };
  const leave = (connection: Connection): void => {
    all.delete(connection.socket);
    const beside = byAddress.get(connection.address);
    beside?.delete(connection);
    if (beside?.size === 0) byAddress.delete(connection.address);
  };
  /** The newest owes nothing to be answered yet, so that there always is one to end. */
  const makeRoom = (among: Iterable<Connection>): void => {
    for (const connection of among) {
      if (isOwed(connection)) continue;
      leave(connection);
      connection.socket.destroy();
      return;
    }
  };

  return {
    open(socket) {
      const { remoteAddress } = socket;
      const shared = isShared(remoteAddress);
      const address = shared ? 'shared' : subscriberOf(remoteAddress);
      const connection: Connection = { socket, address, answers: [], isEnding: false };
      const beside = enter(connection);
      socket.once('close', () => leave(connection));
      if (!shared && beside.size > limits.connectionsPerAddress) makeRoom(beside);
      if (all.size > limits.connections) makeRoom(all.values());
    },
    begin(socket, response) {
      const connection = all.get(socket);
      if (connection === undefined) return 1;
      const answering: Answering = { response, endedAt: undefined };
      connection.answers.push(answering);
      const done = (): void => {
        response.off('finish', done).off('close', done);
        connection.answers.splice(connection.answers.indexOf(answering), 1);
        if (all.has(socket)) {
          leave(connection);
          enter(connection);
        }
        if (!response.req.complete) lingerAfter(response, limits.lingerMs);
      };
      response.on('finish', done).on('close', done);
      return connection.answers.length;
    },
    unansweredOf: (socket) => (all.get(socket)?.answers ?? []).map(({ response }) => response),
    end(socket) {
      const connection = all.get(socket);
      if (connection === undefined || connection.isEnding) return true;
      connection.isEnding = true;
      return false;
    },
    isEnding: (socket) => all.get(socket)?.isEnding ?? true,
    sweep(now, isStopping) {
      for (const { socket, answers } of all.values()) {
        for (const answering of answers) {
          if (answering.response.writableEnded) answering.endedAt ??= now;
        }
        const first = answers[0]?.endedAt;
        const isUnread = first !== undefined && now - first > limits.answerMs;
        if (isUnread || (isStopping && answers.length === 0)) socket.destroy();
      }
    },
  };
}

/** A request that was answered before its body was there may end its body, but not send for ever. */
function lingerAfter({ req: request }: ServerResponse, lingerMs: number): void {
  const cut = setTimeout(() => request.socket.destroy(), lingerMs);
  request.once('close', () => clearTimeout(cut));
}
