package io.kvroute.router.wire;

import java.util.Random;

/** Changes HTTP messages at random, mostly where framing is decided. */
final class MessageMutator {

  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ":",
    "0",
    "1",
    "ff",
    ";",
    ",",
    "\0",
    "\u000b",
    "\u0080",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "chunked",
    "HTTP/1.1",
    "\r\n\r\n",
    "X: y\r\n z\r\n",
    "+",
    "-",
    "0x",
    "Host: b\r\n"
  };

  private MessageMutator() {}

  /** The message with up to three random edits. */
  static String mutate(String seed, Random random) {
    StringBuilder message = new StringBuilder(seed);
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(message.length());
      switch (random.nextInt(4)) {
        case 0 -> message.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> message.deleteCharAt(at);
        case 2 -> message.setCharAt(at, (char) random.nextInt(256));
        default -> message.delete(at, Math.min(message.length(), at + random.nextInt(12)));
      }
      if (message.isEmpty()) {
        return seed;
      }
    }
    return message.toString();
  }
}
