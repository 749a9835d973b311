/* What the settings and the first start ask of the shell. */
import type { Change } from '../generated/Change';
import type { Changed } from '../generated/Changed';
import type { DataFileView } from '../generated/DataFileView';
import type { FilePreviewView } from '../generated/FilePreviewView';
import type { HeardView } from '../generated/HeardView';
import type { ImportedView } from '../generated/ImportedView';
import type { PretendStep } from '../generated/PretendStep';
import type { Sheet } from '../generated/Sheet';
import type { Wrong } from '../generated/Wrong';

export interface SetupRequests {
  /** The settings as they stand in the file. */
  settings(): Promise<Sheet>;
  /** Changes settings that stood at a revision of the file: all of them or none. Resolves only once the file is durable. */
  changeSettings(revision: string, changes: Change[]): Promise<Changed>;
  /** Keeps a secret apart, in the keyring where there is one; resolves with the reference that stands in the settings. */
  keepSecret(name: string, secret: string): Promise<string>;
  /** Ends Ringside and starts it again. */
  restart(): Promise<void>;
  /** Connects to the phone system `feed` as the settings would be after `changes`; resolves with what is wrong with them. */
  tryPhoneSystem(revision: string, changes: Change[], feed: string): Promise<Wrong | null>;
  /** What was heard of the phone system that is tried. */
  phoneSystemHeard(): Promise<HeardView | null>;
  endPhoneTrial(): Promise<void>;
  /** Files on this computer that may hold customers. */
  dataFiles(): Promise<DataFileView[]>;
  /** A file that somebody chooses in the system's dialog; null where it is left. */
  chooseFile(title: string, kind: string): Promise<string | null>;
  /** What the columns of a file mean; `maps` says it of some, as field and column, and those left out are not read. */
  previewFile(path: string, maps: [string, string][], leftOut: string[]): Promise<FilePreviewView>;
  /** Reads a source of the settings in. */
  importSource(name: string): Promise<ImportedView>;
  /** A pretend call rings, is answered or ends. Nothing of it is written. */
  pretendCall(step: PretendStep, number: string): Promise<void>;
}
