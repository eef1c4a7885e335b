package io.kvroute.tokenizer;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The C library's heap, in which the Hugging Face library keeps its tokenizers. */
final class NativeHeap {

  private static final Logger log = LoggerFactory.getLogger(NativeHeap.class);

  private NativeHeap() {}

  /**
   * Gives freed memory back to the operating system. glibc keeps it for the process otherwise,
   * about 90 MB after Qwen3's tokenizer; other C libraries have no such function, and nothing
   * happens.
   */
  @SuppressWarnings("restricted") // the JNI library needs native access anyway
  static void trim() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("malloc_trim");
    if (function.isEmpty()) {
      return;
    }
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    try {
      int released = (int) linker.downcallHandle(function.get(), type).invokeExact(0L);
      log.debug("malloc_trim: {}", released);
    } catch (Throwable e) {
      log.warn("malloc_trim failed; freed native memory stays with the process", e);
    }
  }
}
