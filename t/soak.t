#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# soak.t - make soak for a moment, so that it works when it is wanted
#
# SOAKSECONDS, 10 by default, and then the round that is under way, and the
# larger queues: half a minute.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;

exec $^X, srcdir() . '/t/soak/run', $ENV{SOAKSECONDS} // 10
    or die "t/soak/run: $!\n";
