/** An entry of `protocolSpecificCodeMapping` in Genesys' BYO SMPP advanced configuration. */
export interface GenericError {
  /** 0 accepted, 2 temporary, 3 permanent. */
  genericErrorCode: number;
  genericErrorCause: string;
  description: string;
}

export type CodeMapping = Readonly<Record<number, GenericError>>;

const rows: ReadonlyArray<readonly [code: number, genericErrorCode: number, cause: string, description: string]> = [
  [0, 0, 'DELIVERED', 'Message delivered'],
  [1, 3, 'MESSAGE_DATA_INVALID', 'Message length is invalid'],
  [2, 3, 'MESSAGE_DATA_INVALID', 'Command length is invalid'],
  [3, 3, 'MESSAGE_DATA_INVALID', 'Invalid command ID'],
  [4, 2, 'OTHER_TEMPORARY_FAILURE', 'Incorrect carrier status for given command'],
  [5, 2, 'OTHER_TEMPORARY_FAILURE', 'Incorrect carrier status for given command'],
  [6, 3, 'PRIORITY_INVALID', 'Invalid priority flag'],
  [7, 3, 'MESSAGE_DATA_INVALID', 'Invalid registered delivery flag'],
  [8, 2, 'OTHER_TEMPORARY_FAILURE', 'Internal system error'],
  [10, 3, 'SOURCE_ADDR_INVALID', 'Invalid source address'],
  [11, 3, 'DEST_ADDR_INVALID', 'Invalid destination address'],
  [12, 3, 'MESSAGE_ID_INVALID', 'Invalid message ID'],
  [13, 2, 'OTHER_TEMPORARY_FAILURE', 'Bind failed'],
  [14, 2, 'AUTHENTICATION_FAILED', 'Invalid password'],
  [15, 2, 'AUTHENTICATION_FAILED', 'Invalid system ID'],
  [17, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RCANCELFAIL: Cancel SM failed.'],
  [19, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RREPLACEFAIL: Replace SM failed.'],
  [20, 2, 'CARRIER_CONGESTED', 'ESME_RMSGQFUL: Message queue full.'],
  [21, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RINVSERTYP: Invalid service type.'],
  [51, 3, 'DEST_ADDR_INVALID', 'ESME_RINVNUMDESTS: Invalid number of destinations.'],
  [52, 3, 'DEST_ADDR_INVALID', 'ESME_RINVLDLNAME: Invalid distribution list name.'],
  [64, 3, 'DEST_ADDR_INVALID', 'ESME_RINVDESTFLAG: Destination flag is invalid (submit_multi).'],
  [
    66,
    3,
    'MESSAGE_DATA_INVALID',
    "ESME_RINVSUBREP: Invalid 'submit with replace' request (i.e. submit_sm with replace_if_present_flag set).",
  ],
  [67, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVESMCLASS: Invalid esm_class field data.'],
  [68, 3, 'DEST_ADDR_INVALID', 'ESME_RCNTSUBDL: Cannot submit to distribution list.'],
  [69, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RSUBMITFAIL: submit_sm or submit_multi failed.'],
  [72, 3, 'SOURCE_ADDR_INVALID', 'ESME_RINVSRCTON: Invalid source address TON.'],
  [73, 3, 'SOURCE_ADDR_INVALID', 'ESME_RINVSRCNPI: Invalid source address NPI.'],
  [80, 3, 'DEST_ADDR_INVALID', 'ESME_RINVDSTTON: Invalid destination address TON.'],
  [81, 3, 'DEST_ADDR_INVALID', 'ESME_RINVDSTNPI: Invalid destination address NPI.'],
  [83, 3, 'AUTHENTICATION_FAILED', 'ESME_RINVSYSTYP: Invalid system_type field.'],
  [84, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVREPFLAG: Invalid replace_if_present flag.'],
  [85, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVNUMMSGS: Invalid number of messages.'],
  [88, 2, 'THROTTLED', 'ESME_RTHROTTLED: Throttling error(ESME has exceeded allowed message limits).'],
  [97, 3, 'TIME_PERIOD_INVALID', 'ESME_RINVSCHED: Invalid scheduled delivery time.'],
  [98, 3, 'TIME_PERIOD_INVALID', 'ESME_RINVEXPIRY: Invalid message validity period (expiry time).'],
  [99, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVDFTMSGID: Predefined message invalid or not found.'],
  [100, 2, 'OTHER_TEMPORARY_FAILURE', 'ESME_RX_T_APPN: ESME receiver temporary app error code.'],
  [101, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RX_P_APPN: ESME receiver permanent app error code.'],
  [102, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RX_R_APPN: ESME receiver reject message error code.'],
  [103, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RQUERYFAIL: query_sm request failed.'],
  [192, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVOPTPARSTREAM: Error in the optional part of the PDU body.'],
  [193, 3, 'MESSAGE_DATA_INVALID', 'ESME_ROPTPARNOTALLWD: Optional parameter not allowed.'],
  [194, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVPARLEN: Invalid parameter length.'],
  [195, 3, 'MESSAGE_DATA_INVALID', 'ESME_RMISSINGOPTPARAM: Expected optional parameter missing.'],
  [196, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVOPTPARAMVAL: Invalid optional parameter value.'],
  [254, 2, 'CARRIER_DELIVERY_FAILED', 'ESME_RDELIVERYFAILURE: Delivery failure (used for data_sm_resp).'],
  [255, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RUNKNOWNERR: Unknown error.'],
];

/** SMPP 5.0 4.7.6 codes, of which Genesys' table says nothing. */
const smpp50: typeof rows = [
  [256, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RSERTYPUNAUTH: not authorised to use this service type.'],
  [257, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RPROHIBITED: prohibited from using this operation.'],
  [258, 2, 'OTHER_TEMPORARY_FAILURE', 'ESME_RSERTYPUNAVAIL: service type unavailable.'],
  [259, 3, 'OTHER_PERMANENT_FAILURE', 'ESME_RSERTYPDENIED: service type denied.'],
  [260, 3, 'MESSAGE_DATA_INVALID', 'ESME_RINVDCS: invalid data coding scheme.'],
  [261, 3, 'SOURCE_ADDR_INVALID', 'ESME_RINVSRCADDRSUBUNIT: invalid source address subunit.'],
  [262, 3, 'DEST_ADDR_INVALID', 'ESME_RINVDSTADDRSUBUNIT: invalid destination address subunit.'],
];

/** Genesys' 48 defaults as published, and the codes of SMPP 5.0. */
export const defaultCodeMapping: CodeMapping = Object.fromEntries(
  [...rows, ...smpp50].map(([code, genericErrorCode, genericErrorCause, description]) => [
    code,
    {genericErrorCode, genericErrorCause, description},
  ]),
);
