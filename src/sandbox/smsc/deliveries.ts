import type {Message} from './pdu.ts';

/** Something for the other side: kept until it is answered, sent again when the link that had it is gone. */
export interface Delivery {
  message: Partial<Message>;
  /** Not by this session, if there is another. */
  avoid: number | undefined;
  /** What a receipt's refusal means: it comes again. */
  insist: boolean;
  answered(status: number): void;
}

export interface Receiver {
  id: number;
  deliver(message: Partial<Message>, answered: (status: number | undefined) => void): void;
}

export interface Deliveries {
  add(delivery: Delivery): void;
  /** A session that can take them has bound. */
  flush(): void;
  stop(): void;
}

const again = 100;

export function createDeliveries(receivers: () => readonly Receiver[]): Deliveries {
  const waiting: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let turn = 0;

  return {
    add: send,
    flush() {
      for (const delivery of waiting.splice(0)) send(delivery);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };

  function send(delivery: Delivery): void {
    const all = receivers();
    const others = all.filter(each => each.id !== delivery.avoid);
    const choice = others.length > 0 ? others : all;
    turn += 1;
    const receiver = choice[turn % Math.max(choice.length, 1)];
    if (receiver === undefined) {
      waiting.push(delivery);
      return;
    }
    receiver.deliver(delivery.message, status => {
      if (status === undefined) later(delivery, 0);
      else if (status !== 0 && delivery.insist) later(delivery, again);
      else delivery.answered(status);
    });
  }

  function later(delivery: Delivery, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      send(delivery);
    }, ms);
    timers.add(timer);
  }
}
