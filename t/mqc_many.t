#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc_many.t - a thousand hosts, every two seconds; t/real has a minute of it
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ::Fleet;
use Test::More;

MQ::Fleet::many(2, 6);
done_testing;
