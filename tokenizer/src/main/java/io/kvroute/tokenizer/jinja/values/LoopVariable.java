package io.kvroute.tokenizer.jinja.values;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop} of a for loop. Reads ahead in the items only when an attribute needs
 * it.
 */
public final class LoopVariable implements Invocable, HasAttributes {

  /** Runs the body of a recursive loop over other items and returns the text it prints. */
  public interface Recursion {
    Value run(Value items, int depth0, Render render);
  }

  private final Value source;
  private final boolean filtered;
  private final @Nullable Recursion recursion;
  private final int depth0;
  private Iterator<Value> items;
  private int index0 = -1;
  private int length = -1;
  private @Nullable Value previous;
  private @Nullable Value current;
  private @Nullable Value next;
  private @Nullable List<Value> lastChanged;

  /**
   * Creates the variable of a loop that is about to start.
   *
   * @param source the value being iterated, from which the length is taken
   * @param items its items
   * @param filtered whether the loop has a condition of its own that skips items
   */
  public LoopVariable(
      Value source,
      Iterator<Value> items,
      boolean filtered,
      @Nullable Recursion recursion,
      int depth0) {
    this.source = source;
    this.items = items;
    this.filtered = filtered;
    this.recursion = recursion;
    this.depth0 = depth0;
  }

  public boolean hasNext() {
    return next != null || items.hasNext();
  }

  /** Advances to the next item. */
  public Value advance() {
    Value item = next != null ? next : items.next();
    next = null;
    index0++;
    previous = current;
    current = item;
    return item;
  }

  int length() {
    if (length < 0) {
      Integer known = filtered ? null : Iteration.length(source);
      if (known == null) {
        List<Value> rest = new ArrayList<>();
        items.forEachRemaining(rest::add);
        items = rest.iterator();
        known = rest.size() + index0 + 1 + (next == null ? 0 : 1);
      }
      length = known;
    }
    return length;
  }

  private @Nullable Value peek() {
    if (next == null && items.hasNext()) {
      next = items.next();
    }
    return next;
  }

  @Override
  public @Nullable Value attribute(String name, Render context) {
    return switch (name) {
      case "index" -> new Value.Int(index0 + 1);
      case "index0" -> new Value.Int(index0);
      case "first" -> Value.Bool.of(index0 == 0);
      case "last" -> Value.Bool.of(peek() == null);
      case "length" -> new Value.Int(length());
      case "revindex" -> new Value.Int(length() - index0);
      case "revindex0" -> new Value.Int(length() - index0 - 1);
      case "depth" -> new Value.Int(depth0 + 1);
      case "depth0" -> new Value.Int(depth0);
      case "previtem" ->
          index0 == 0 || previous == null ? Undefined.hint("there is no previous item") : previous;
      case "nextitem" -> {
        Value following = peek();
        yield following == null ? Undefined.hint("there is no next item") : following;
      }
      case "cycle" -> new Method(this, name, (loop, args, render) -> cycle(args));
      case "changed" -> new Method(this, name, (loop, args, render) -> changed(args, render));
      default -> null;
    };
  }

  private Value cycle(Args args) {
    if (args.positional().isEmpty() || !args.named().isEmpty()) {
      throw EvaluationException.type("no items for cycling given");
    }
    return args.positional().get(index0 % args.positional().size());
  }

  private Value changed(Args args, Render render) {
    List<Value> last = lastChanged;
    boolean same =
        last != null
            && Comparison.equal(
                new Value.ListOf(last, true), new Value.ListOf(args.positional(), true), render);
    lastChanged = args.positional();
    return Value.Bool.of(!same);
  }

  String repr() {
    return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
  }

  @Override
  public Value call(Args args, Render render) {
    if (recursion == null) {
      throw EvaluationException.type(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    Value items = Parameters.of("loop", 1, "iterable").bind(args).require(0);
    return recursion.run(items, depth0 + 1, render);
  }
}
