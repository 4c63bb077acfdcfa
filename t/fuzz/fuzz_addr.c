/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_addr.c - each line is an address, a prefix or HOST:PORT, or neither */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/addr.h"
#include "base/net.h"

static void
address(const char *s)
{
	struct addr_prefix p, again;
	struct buf b = BUF_INIT, c = BUF_INIT;
	const char *why = NULL;

	if (addr_parse_prefix(&p, s, &why) == 0) {
		addr_add_prefix(&b, &p);
		FUZZ_MUST(addr_parse_prefix(&again, buf_str(&b), &why) == 0);
		FUZZ_MUST(p.bits == again.bits &&
		    addr_equal(&p.addr, &again.addr));
		FUZZ_MUST(p.bits < 96 || addr_in(&p, &p.addr));
		addr_add_prefix(&c, &again);
		FUZZ_MUST(strcmp(buf_str(&b), buf_str(&c)) == 0);
	} else {
		FUZZ_MUST(fuzz_is_line(why));
	}
	buf_free(&b);
	buf_free(&c);
}

static void
peer(const char *s)
{
	struct net_peer p, again;
	struct buf b = BUF_INIT;
	const char *why = NULL;

	if (net_parse_peer(&p, s, "25", &why) == 0) {
		buf_addf(&b, strchr(p.host, ':') != NULL ? "[%s]:%s" : "%s:%s",
		    p.host, p.port);
		FUZZ_MUST(net_parse_peer(&again, buf_str(&b), "26", &why) == 0);
		FUZZ_MUST(net_same_peer(&p, &again));
	} else {
		FUZZ_MUST(fuzz_is_line(why));
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *line;

	while ((line = fuzz_line(&bytes, &n)) != NULL) {
		address(line);
		peer(line);
		free(line);
	}
	return 0;
}
