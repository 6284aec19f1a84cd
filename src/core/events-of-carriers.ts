import type {CatalogueEntry} from './operational-event.ts';

/** Of links to carriers and what comes over them. */
export const eventsOfCarriers: readonly CatalogueEntry[] = [
  {
    code: 'bind.lost',
    severity: 'warning',
    sentence: 'An SMPP bind broke; it is made again by itself.',
    whatToDo: 'When it comes often or stays: look at the network, the firewall’s idle time, the SMSC’s notices.',
  },
  {
    code: 'bind.failed',
    severity: 'warning',
    sentence: 'An SMPP bind could not be made; it is tried again.',
    whatToDo: 'When it lasts: look at host, port, TLS and firewall; the line says why.',
  },
  {
    code: 'bind.ill',
    severity: 'warning',
    sentence:
      'The SMSC answers the submissions of one bind with faults of its own, or not at all; while other binds work it gets one now and then, when they are full.',
    whatToDo: 'When it lasts: ask the carrier which of its hosts or nodes is broken.',
  },
  {
    code: 'bind.refused',
    severity: 'critical',
    sentence: 'The SMSC refused the bind: password, system id, address range, or too many binds.',
    whatToDo: 'Do what the line advises; correct the account’s settings or ask the carrier.',
  },
  {
    code: 'smpp.throttled',
    severity: 'warning',
    sentence: 'The SMSC said slower (0x58, 0x14, congestion_state from 90); the pace was lowered and nothing failed.',
    whatToDo: 'When it lasts: set messagesPerSecond to what the contract says, over all replicas and accounts.',
  },
  {
    code: 'smpp.not_stored',
    severity: 'critical',
    sentence: 'Something from the SMSC could not be stored and was answered "try later".',
    whatToDo: "See to the store's disk or database; the SMSC sends it again.",
  },
  {
    code: 'smpp.late_not_stored',
    severity: 'warning',
    sentence: 'A late answer of the SMSC could not be stored.',
    whatToDo: "See to the store's disk or database; the text stays unknown until a receipt comes.",
  },
  {
    code: 'smpp.any_certificate',
    severity: 'warning',
    sentence: 'TLS to this SMSC accepts any certificate.',
    whatToDo: 'Give tls.ca instead of acceptAnyCertificate.',
  },
  {
    code: 'smpp.tlvs_refused',
    severity: 'warning',
    sentence:
      'The SMSC refused an optional parameter; submissions go on without user_message_reference and more_messages_to_send.',
    whatToDo: 'Set userMessageReference and moreMessagesToSend to false, as the line advises.',
  },
  {
    code: 'smpp.national_number',
    severity: 'warning',
    sentence:
      'A text came from a number that its SMSC calls national (TON 2); it was read as an international one. Told once.',
    whatToDo: 'Look at the sender of the message: where its country code is missing, set countryCode.',
  },
  {
    code: 'receipt.without_id',
    severity: 'warning',
    sentence: 'A delivery receipt named no message, and nothing else in it tells for certain whose it is.',
    whatToDo: 'Ask the carrier for receipts with receipted_message_id or "id:"; look at the receipt settings.',
  },
  {
    code: 'pdu.unexpected',
    severity: 'notice',
    sentence: 'The SMSC sent a response nobody waits for.',
    whatToDo: 'Nothing once; often: answers come after their time-out.',
  },
  {
    code: 'pdu.unknown',
    severity: 'notice',
    sentence: 'The SMSC sent a command this gateway does not know; it was answered generic_nack.',
    whatToDo: 'Nothing, or ask the carrier to switch it off.',
  },
  {
    code: 'pdu.unreadable',
    severity: 'warning',
    sentence: 'The SMSC sent a PDU that can not be read; it was answered with an error.',
    whatToDo: 'Ask the carrier with the command id and length of the line.',
  },
  {
    code: 'twilio.bad_signature',
    severity: 'warning',
    sentence: 'A callback was refused: its signature does not fit.',
    whatToDo:
      'Compare publicUrl with what Twilio calls, and authTokens with the account; else somebody else is calling.',
  },
  {
    code: 'twilio.sender_refused',
    severity: 'critical',
    sentence:
      'Twilio lets nothing of this sender pass (not registered, suspended, enough for today); its queues are parked.',
    whatToDo:
      'Look the code up at Twilio; register or mend the sender. One text is tried when the wait is over, or at once by `resume`.',
  },
  {
    code: 'twilio.sender_throttled',
    severity: 'warning',
    sentence: 'A receipt said that this sender is too fast; its pace was lowered, the account goes on.',
    whatToDo: 'When it lasts: set messagesPerSecond of its entry to what its registration allows.',
  },
  {
    code: 'twilio.text_barred',
    severity: 'warning',
    sentence:
      'A text was barred as fraud, against the law, or filtered as spam (30450, 30610, 30640, 21408, 30007); it failed.',
    whatToDo: 'Look at what was sent to whom: many of these cost the sender its good name, or its registration.',
  },
  {
    code: 'twilio.recovery_failed',
    severity: 'warning',
    sentence: 'Texts missed while the gateway was away could not be fetched from Twilio.',
    whatToDo: 'Look at the way to Twilio and the API key’s rights; it is tried again.',
  },
  {
    code: 'twilio.look_up_failed',
    severity: 'warning',
    sentence: 'Twilio could not be asked what became of a text.',
    whatToDo:
      'Look at the way to Twilio; the text stays as it is until it can, at most an hour beyond unknownAfter or receiptWithin.',
  },
];
