#pragma once
/* Flags only: the C++ headers are included by CPoppler. */
