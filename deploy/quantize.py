"""Writes an FP8 copy of a checkpoint: weights per channel, activations per token at run time, lm_head left alone.

Usage: python quantize.py MODEL_FOLDER NEW_FOLDER

The method is FP8_DYNAMIC of llm-compressor, which needs no calibration data and no GPU:
https://github.com/vllm-project/llm-compressor/tree/main/examples/quantization_w8a8_fp8
"""

import sys

from llmcompressor import oneshot
from llmcompressor.modifiers.quantization import QuantizationModifier
from transformers import AutoModelForCausalLM, AutoTokenizer

source, target = sys.argv[1:]
model = AutoModelForCausalLM.from_pretrained(source, torch_dtype="auto", local_files_only=True)
oneshot(model=model, recipe=QuantizationModifier(targets="Linear", scheme="FP8_DYNAMIC", ignore=["lm_head"]))
model.save_pretrained(target, save_compressed=True)
AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(target)
