package io.kvroute.tokenizer.jinja.operators;

import io.kvroute.tokenizer.jinja.values.CompareOp;
import io.kvroute.tokenizer.jinja.values.Comparison;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A stable merge sort. It only asks whether one key is less than another, as Python's sort does,
 * and tolerates inconsistent answers, which a sort of the Java library may reject.
 */
public final class Sorting {

  private Sorting() {}

  private record Keyed<T>(Value key, T item) {}

  /** The items in the order of their keys; a type error if two keys are not comparable. */
  public static <T> List<T> sorted(
      List<T> items, Function<T, Value> key, boolean reverse, Render render) {
    List<Keyed<T>> keyed = new ArrayList<>(items.size());
    for (T item : items) {
      keyed.add(new Keyed<>(key.apply(item), item));
    }
    if (reverse) {
      Collections.reverse(keyed);
    }
    List<Keyed<T>> result = sort(keyed, render);
    if (reverse) {
      Collections.reverse(result);
    }
    List<T> out = new ArrayList<>(items.size());
    result.forEach(each -> out.add(each.item()));
    return out;
  }

  private static <T> List<Keyed<T>> sort(List<Keyed<T>> items, Render render) {
    if (items.size() < 2) {
      return items;
    }
    int middle = items.size() / 2;
    List<Keyed<T>> left = sort(items.subList(0, middle), render);
    List<Keyed<T>> right = sort(items.subList(middle, items.size()), render);
    render.allocateItems(items.size());
    List<Keyed<T>> merged = new ArrayList<>(items.size());
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      render.step();
      boolean less = Comparison.test(CompareOp.LESS, right.get(j).key(), left.get(i).key(), render);
      merged.add(less ? right.get(j++) : left.get(i++));
    }
    merged.addAll(left.subList(i, left.size()));
    merged.addAll(right.subList(j, right.size()));
    return merged;
  }
}
