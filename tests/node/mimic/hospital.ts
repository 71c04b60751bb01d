/** A hospital of seven made-up patients in the shape of MIMIC-III, each of whom shows some rules of the cohort. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../folder.js';

/** The headers of the release; rows below are written with the columns that matter. */
const HEADERS = {
  PATIENTS: 'row_id,subject_id,gender,dob,dod,dod_hosp,dod_ssn,expire_flag',
  ADMISSIONS:
    'row_id,subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admission_location,discharge_location,insurance,language,religion,marital_status,ethnicity,edregtime,edouttime,diagnosis,hospital_expire_flag,has_chartevents_data',
  ICUSTAYS: 'row_id,subject_id,hadm_id,icustay_id,dbsource,first_careunit,last_careunit,first_wardid,last_wardid,intime,outtime,los',
  SERVICES: 'row_id,subject_id,hadm_id,transfertime,prev_service,curr_service',
  DIAGNOSES_ICD: 'row_id,subject_id,hadm_id,seq_num,icd9_code',
  OUTPUTEVENTS: 'row_id,subject_id,hadm_id,icustay_id,charttime,itemid,value,valueuom,storetime,cgid,stopped,newbottle,iserror',
  LABEVENTS: 'row_id,subject_id,hadm_id,itemid,charttime,value,valuenum,valueuom,flag',
  CHARTEVENTS:
    'row_id,subject_id,hadm_id,icustay_id,itemid,charttime,storetime,cgid,value,valuenum,valueuom,warning,error,resultstatus,stopped',
} as const;

export type Table = keyof typeof HEADERS;
export const TABLES = Object.keys(HEADERS) as Table[];

/** Rows by table: names of columns, then cells, separated by blanks; "_" is a blank in a cell, "-" an empty one. */
const ROWS: Readonly<Record<Table, string>> = {
  PATIENTS: `
    subject_id gender dob
    1 F 2090-03-01_00:00:00
    2 M 2105-03-01_00:00:00
    3 M 2135-03-01_00:00:00
    4 F 1850-03-01_00:00:00
    5 M 2100-03-01_00:00:00
    6 F 2134-03-01_00:00:00
    7 M 2080-03-01_00:00:00`,
  ADMISSIONS: `
    subject_id hadm_id admittime deathtime admission_type hospital_expire_flag diagnosis
    1 11 2150-03-01_02:00:00 - EMERGENCY 0 "PAIN,_CHEST"
    2 21 2150-03-01_09:00:00 2150-03-02_10:00:00 URGENT 1 -
    3 31 2150-03-01_02:00:00 - EMERGENCY 0 -
    4 41 2150-03-01_02:00:00 2150-03-08_10:00:00 EMERGENCY 1 -
    5 51 2150-02-27_08:00:00 - ELECTIVE 0 -
    6 61 2150-03-01_08:00:00 - EMERGENCY 0 -`,
  // Patient 1 comes twice, the later stay first in the file; patient 3 is 15; patient 7 has no admission.
  ICUSTAYS: `
    subject_id hadm_id icustay_id dbsource first_careunit intime outtime
    1 11 112 carevue MICU 2150-03-05_08:00:00 2150-03-06_08:00:00
    1 11 111 carevue MICU 2150-03-01_08:00:00 2150-03-03_08:00:00
    2 21 211 metavision CCU 2150-03-01_08:00:00 2150-03-02_12:00:00
    3 31 311 carevue MICU 2150-03-01_08:00:00 2150-03-03_08:00:00
    4 41 411 carevue MICU 2150-03-01_08:00:00 2150-03-03_08:00:00
    5 51 511 metavision CSRU 2150-03-01_08:00:00 2150-03-03_08:00:00
    6 61 611 metavision SICU 2150-03-01_08:00:00 2150-03-03_08:00:00
    7 71 711 metavision SICU 2150-03-01_08:00:00 2150-03-03_08:00:00`,
  // Patient 1 begins in medicine, patient 6 at once and not as planned.
  SERVICES: `
    hadm_id transfertime curr_service
    11 2150-03-01_02:00:00 MED
    11 2150-03-01_21:00:00 SURG
    51 2150-02-27_08:00:00 CSURG
    61 2150-03-01_08:00:00 ORTHO`,
  DIAGNOSES_ICD: `
    hadm_id seq_num icd9_code
    11 1 4280
    11 2 25000
    21 1 20280
    51 1 1985
    51 2 41401
    61 1 57420`,
  // Patient 1: a wrong row, and one of the 24th hour's end. Patient 2: irrigant that went in.
  OUTPUTEVENTS: `
    icustay_id charttime itemid value iserror
    111 2150-03-01_09:00:00 40055 400 -
    111 2150-03-01_10:00:00 40055 999 1
    111 2150-03-02_07:59:59 40069 300 -
    111 2150-03-02_08:00:00 40055 50 -
    111 2150-03-01_11:00:00 1 70 -
    211 2150-03-01_09:00:00 226559 100 0
    211 2150-03-01_10:00:00 227488 30 0
    112 2150-03-05_09:00:00 40055 10 -`,
  // Patient 1: seven hours before the stay is too early, five is not; blood-gas glucose counts too. Patient 2: an arterial and a venous sample.
  LABEVENTS: `
    subject_id hadm_id itemid charttime value valuenum
    1 11 50931 2150-03-01_01:00:00 300 300
    1 11 50931 2150-03-01_03:00:00 100 100
    1 11 50809 2150-03-01_20:00:00 140 140
    1 11 51221 2150-03-01_20:00:00 "ERROR,_CLOTTED" -
    1 - 51221 2150-03-01_20:00:00 40 40
    2 21 50800 2150-03-01_11:00:00 ART -
    2 21 50821 2150-03-01_11:00:00 80 80
    2 21 50800 2150-03-01_12:00:00 VEN -
    2 21 50821 2150-03-01_12:00:00 40 40
    2 21 51144 2150-03-01_12:00:00 0 0
    2 21 51006 2150-03-01_12:00:00 90 90
    5 51 50821 2150-03-01_12:00:00 90 90
    5 51 50816 2150-03-01_12:00:00 60 60
    5 51 50824 2150-03-01_12:00:00 999 999
    6 61 51265 2150-03-01_12:00:00 250 250`,
  CHARTEVENTS: `
    icustay_id itemid charttime value valuenum error
    111 211 2150-03-01_09:00:00 70 70 -
    111 211 2150-03-01_10:00:00 80 80 -
    111 211 2150-03-01_11:00:00 90 90 -
    111 211 2150-03-02_08:00:00 140 140 -
    111 678 2150-03-01_09:00:00 100.4 100.4 -
    111 31 2150-03-01_09:00:00 "Arm,_Right_""Lower""" - -
    111 454 2150-03-01_09:00:00 6_Obeys 6 -
    111 723 2150-03-01_09:00:00 5_Oriented 5 -
    111 184 2150-03-01_09:00:00 4_Spontan 4 -
    111 184 2150-03-01_12:00:00 3_Speech 3 -
    111 454 2150-03-01_19:00:00 5_Localizes 5 -
    112 211 2150-03-05_09:00:00 40 40 -
    211 220045 2150-03-01_09:00:00 130 130 0
    211 220045 2150-03-01_10:00:00 165 165 0
    211 220045 2150-03-01_10:00:00 20 20 1
    211 220179 2150-03-01_10:00:00 65 65 0
    211 223762 2150-03-01_10:00:00 39.5 39.5 0
    211 223900 2150-03-01_09:00:00 No_Response-ETT 1 0
    211 223901 2150-03-01_09:00:00 No_response 1 0
    211 220739 2150-03-01_09:00:00 None 1 0
    211 223849 2150-03-01_09:00:00 CMV - 0
    211 223835 2150-03-01_10:00:00 0.5 0.5 0
    311 211 2150-03-01_09:00:00 70 70 -
    411 211 2150-03-01_09:00:00 100 100 -
    411 467 2150-03-01_09:00:00 Ventilator - -
    511 220045 2150-03-01_09:00:00 0 0 0
    511 220045 2150-03-01_09:30:00 300 300 0
    511 220045 2150-03-01_10:00:00 75 75 0
    511 223761 2150-03-01_10:00:00 37 37 0
    511 223762 2150-03-01_10:00:00 98.6 98.6 0
    511 220277 2150-03-01_10:00:00 100 100 0
    511 220277 2150-03-01_11:00:00 101 101 0
    511 226732 2150-03-01_10:00:00 Bipap_mask_ - 0
    - 220045 2150-03-01_10:00:00 200 200 0`,
};

const cellOf = (word: string): string => (word === '-' ? '' : word.replaceAll('_', ' '));

/** A table as the release writes it. */
export function tableText(table: Table, upper = true): string {
  const header = HEADERS[table].split(',');
  const [names, ...rows] = ROWS[table]
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));
  const lines = rows.map((cells, at) =>
    header.map((column) => (column === 'row_id' ? String(at + 1) : cellOf(cells[names!.indexOf(column)] ?? '-'))).join(','),
  );
  return `${[upper ? HEADERS[table].toUpperCase() : HEADERS[table], ...lines].join('\n')}\n`;
}

export interface Writing {
  /** Headers, and names of files, in upper case. */
  readonly upper?: boolean;
  readonly upperNames?: boolean;
  readonly gzip?: boolean;
  /** What a text becomes before it is written. */
  readonly edit?: (text: string, table: Table) => string;
}

const home = temporaryFolder();
/** A new empty folder. */
export const newFolder = (): string => mkdtempSync(join(home, 'f'));

/** Writes the hospital into a new folder. */
export function writeHospital({ upper = true, upperNames = true, gzip = false, edit = (text) => text }: Writing = {}): string {
  const folder = newFolder();
  for (const table of TABLES) {
    const text = edit(tableText(table, upper), table);
    const name = `${table}.csv${gzip ? '.gz' : ''}`;
    writeFileSync(join(folder, upperNames ? name : name.toLowerCase()), gzip ? gzipSync(text) : text);
  }
  return folder;
}

/** A cohort's rows by patient: names of columns to cells. */
export function readRows(file: string): Map<string, Record<string, string>> {
  const [header, ...lines] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return new Map(lines.map((cells) => [cells[0]!, Object.fromEntries(header!.map((name, at) => [name, cells[at]!]))]));
}
