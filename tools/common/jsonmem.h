/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jsonmem.h - did jansson want for memory? */
#ifndef TOOLS_COMMON_JSONMEM_H
#define TOOLS_COMMON_JSONMEM_H

#include <stdbool.h>

/*
 * json_pack() takes a value that could not be made for one that is not to be
 * there ("o*", "s*"), so that a member would be missing: whoever uses these
 * begins with jsonmem_watch(), and has no answer if jsonmem_failed().
 */
void jsonmem_watch(void);
bool jsonmem_failed(void);

/* Says that something else wanted for memory; for "return NULL". */
void jsonmem_fail(void);

#endif
