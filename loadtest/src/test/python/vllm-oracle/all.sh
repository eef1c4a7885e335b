#!/bin/sh
# Writes the workloads that the tests read. README.md explains PYTHON and VLLM_WHEEL.
set -e
cd "$(dirname "$0")"
for kind in sequence sequence-in-little-cache sequence-with-resets sequence-in-chunks \
    overlapping overlapping-and-evicting overlapping-in-little-cache preempted preempted-in-chunks bursts; do
  "${PYTHON:-python3}" record.py $kind 1 1 0.6
done | gzip -9n > ../../resources/vllm-0.32/scheduler.jsonl.gz
