package io.kvroute.router.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The content codings of request bodies that the router decodes (RFC 9110, 8.4.1; RFC 9659). */
enum BodyCoding {
  IDENTITY,
  GZIP,
  DEFLATE,
  ZSTD;

  /** What clients may choose from, as the value of {@code Accept-Encoding}. */
  static final String ACCEPTED = "gzip, deflate, zstd";

  /** RFC 9659: a frame's window has at most 8 MB. */
  private static final int MAX_WINDOW_LOG = 23;

  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int ZLIB_METHOD = 8;
  private static final int ZLIB_CHECK = 31;

  /** The coding that a Content-Encoding header names; null if it is none of these. */
  static @Nullable BodyCoding of(@Nullable String contentEncoding) {
    if (contentEncoding == null) {
      return IDENTITY;
    }
    return switch (contentEncoding.toLowerCase(Locale.ROOT)) {
      case "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "zstd" -> ZSTD;
      default -> null;
    };
  }

  /** The name of the coding in HTTP. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A stream of the decoded body; must be closed.
   *
   * @throws IOException here or from the stream, if the body is not in this coding
   */
  InputStream decode(byte[] body) throws IOException {
    InputStream in = new ByteArrayInputStream(body);
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case DEFLATE -> inflate(in, !startsAsZlib(body));
      case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(MAX_WINDOW_LOG);
    };
  }

  /**
   * An {@link InflaterInputStream} leaves it to its creator to free an inflater that it is given.
   */
  private static InputStream inflate(InputStream in, boolean raw) {
    Inflater inflater = new Inflater(raw);
    return new FilterInputStream(new InflaterInputStream(in, inflater, BUFFER_BYTES)) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  /**
   * Whether the body has zlib's header (RFC 1950, 2.2). Some clients leave it out (RFC 9110,
   * 8.4.1.2).
   */
  private static boolean startsAsZlib(byte[] body) {
    return body.length >= 2
        && (body[0] & 0x0f) == ZLIB_METHOD
        && ((body[0] & 0xff) << 8 | (body[1] & 0xff)) % ZLIB_CHECK == 0;
  }
}
