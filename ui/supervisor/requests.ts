/* What a supervisor asks of the shell, and an admin of who shares the desk. */
import type { AuditRequest } from '../generated/AuditRequest';
import type { AuditView } from '../generated/AuditView';
import type { BoardView } from '../generated/BoardView';
import type { GivenOutView } from '../generated/GivenOutView';
import type { KnownView } from '../generated/KnownView';
import type { FeedHeardView } from '../generated/FeedHeardView';
import type { LastHourView } from '../generated/LastHourView';
import type { LogChoicesView } from '../generated/LogChoicesView';
import type { LogFilter } from '../generated/LogFilter';
import type { LogRowView } from '../generated/LogRowView';
import type { Mark } from '../generated/Mark';
import type { ReportPart } from '../generated/ReportPart';
import type { ReportRequest } from '../generated/ReportRequest';
import type { ReportView } from '../generated/ReportView';
import type { SessionView } from '../generated/SessionView';
import type { StoryView } from '../generated/StoryView';
import type { UserRequest } from '../generated/UserRequest';
import type { UserView } from '../generated/UserView';

export interface SupervisorRequests {
  /** What every phone does now, who waits, and who called in vain. */
  board(): Promise<BoardView>;
  /** How callers waited in the last hour in one queue, or, when it is empty, in any and in none. */
  lastHour(queue: string): Promise<LastHourView>;
  /** Today so far in one queue, or, when it is empty, in any and in none, beside the same weekday a week before until the same time. */
  todaySoFar(queue: string): Promise<ReportView>;
  /** When each phone system that said anything yet said something last. */
  feedsHeard(): Promise<FeedHeardView[]>;
  /** Gives a missed caller to whoever sits at an extension. Resolves only once that is durable. */
  giveMissed(call: string, line: string): Promise<void>;
  /** What a period of calls came to; takes seconds where there are millions. */
  callReport(request: ReportRequest): Promise<ReportView>;
  /** Writes a list of a report as CSV, or, without one, all of it as a workbook; resolves with where it is. */
  exportCallReport(request: ReportRequest, part: ReportPart | null): Promise<string>;
  /** Calls that a filter lets through, before the one named (the newest without one), the newest first. */
  logRows(filter: LogFilter, before: string | null, limit: number): Promise<LogRowView[]>;
  /** What the filters of the log can choose from. */
  logChoices(): Promise<LogChoicesView>;
  /** The link that opens the log with a filter. */
  logLink(filter: LogFilter): Promise<string>;
  /** All that is known of a call. */
  story(call: string): Promise<StoryView>;
  /** Writes a comment on a call. Resolves only once that is durable. */
  commentCall(call: string, text: string): Promise<StoryView>;
  /** Marks a call, or takes its mark away. Resolves only once that is durable. */
  markCall(call: string, mark: Mark | null): Promise<StoryView>;
  /** A page of the audit trail, the newest entry first: what comes before the entry `before`. */
  auditTrail(request: AuditRequest, before: number | null): Promise<AuditView>;
  /** Writes every entry that is asked for as CSV; resolves with where it is. */
  exportAudit(request: AuditRequest): Promise<string>;
  /** What is known of a customer and would go; nothing is changed. */
  knownOf(reference: string): Promise<KnownView>;
  /** Writes all that is known of a customer into a file that somebody chooses in the system's dialog; null where it is left. */
  giveOut(reference: string, title: string, kind: string): Promise<GivenOutView | null>;
  /** Begins to erase a customer whose name was typed. Resolves once that is durable and Ringside is about to start again. */
  erasePerson(reference: string, name: string): Promise<void>;
  /** Who sits at the desk, and who else may. */
  session(): Promise<SessionView>;
  signIn(name: string, pin: string): Promise<SessionView>;
  signOut(): Promise<SessionView>;
  /** Whoever is signed in has to show that it is still them. */
  lockDesk(): Promise<SessionView>;
  /** Somebody does something in this window: the desk is not left alone. */
  atTheDesk(): Promise<void>;
  /** Everybody who shares the desk. */
  users(): Promise<UserView[]>;
  /** Adds somebody. Resolves only once that is durable; so do the next three. */
  addUser(user: UserRequest, pin: string): Promise<void>;
  changeUser(id: number, user: UserRequest): Promise<void>;
  setPin(id: number, pin: string): Promise<void>;
  removeUser(id: number): Promise<void>;
}
