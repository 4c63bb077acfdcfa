/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.h - what a fuzz target defines, for libFuzzer or runner.c */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Looks at n bytes; aborts where it finds a fault.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
