#!/usr/bin/env python3
"""Item-item counts of `implicit` or `rusket` over the same lines: CPU seconds and peak memory, as JSON."""
import json
import resource
import sys
import time

import numpy as np
from scipy import sparse

rival, path = sys.argv[1:3]
lines = np.fromfile(path, dtype="<u4").reshape(-1, 3)
customers, products = lines[:, 0].copy(), lines[:, 1].copy()
del lines
matrix = sparse.csr_matrix((np.ones(len(customers), np.float32), (customers, products)))
del customers, products
before = time.process_time()
if rival == "implicit":
    from implicit.nearest_neighbours import BM25Recommender

    model = BM25Recommender(K=64)
    model.fit(matrix, show_progress=False)
else:
    import rusket

    model = rusket.ItemKNN(method="bm25", k=64)
    model.fit(matrix)
took = time.process_time() - before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"cpu_seconds": took, "peak_mb": peak}))
