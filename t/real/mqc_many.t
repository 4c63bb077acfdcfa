#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc_many.t - a thousand hosts, every five seconds, for a minute
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ::Fleet;
use Test::More;

MQ::Fleet::many(5, 13);
done_testing;
