/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed.h - a number that nobody outside can guess */
#ifndef BASE_SEED_H
#define BASE_SEED_H

#include <stdint.h>

#include "base/when.h"

/*
 * A seed for hash_bytes(), and by it for the sample that a survey draws.  Who
 * fills a queue must not know it: he could choose names that collide, or that
 * no sample takes.  Each call returns another one.
 *
 * The kernel makes it.  Where the kernel can't, it is made of the time and of
 * the number of this process, which are harder to guess than nothing.
 */
uint64_t seed_make(const struct when_clock *);

#endif
